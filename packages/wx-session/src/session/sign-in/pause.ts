import { retryDelay } from '../failures.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'

/** The time after a failure in which nothing is tried without the person. */
export interface Pause {
  begin(error: unknown, status: PausedStatus): void
  end(): void
  /** The failure; null when the pause is over. */
  current(): { error: unknown } | null
}

/** A pause is for one status: another context, or an account that the person binds, may end the failure. */
export type PausedStatus = 'offline' | 'signedIn'

/** Signed in, a call is the only thing that the person can do: it asks the server again after this time. */
const longestSignedIn = 60_000

export function createPause(stateStore: SessionStateStore<unknown>, now: () => number): Pause {
  let failures = 0
  let current: { error: unknown; status: PausedStatus; since: number; length: number } | null = null
  return {
    begin(error, status) {
      failures += 1
      const longest = status === 'signedIn' ? longestSignedIn : Number.POSITIVE_INFINITY
      const length = Math.min(retryDelay(error, failures), longest)
      current = { error, status, since: now(), length }
    },
    end() {
      failures = 0
      current = null
    },
    current() {
      if (!current || current.status !== stateStore.state.status) return null
      const passed = now() - current.since
      // A clock that was set back ends it.
      return passed >= 0 && passed < current.length ? current : null
    },
  }
}
