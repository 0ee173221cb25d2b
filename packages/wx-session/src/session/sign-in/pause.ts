import { retryDelay } from '../failures.ts'
import type { SessionStateStore } from '../state/session-state-store.ts'

/** The time after a failure in which nothing is tried without the person. */
export type Pause = readonly [
  begin: (error: unknown, status: PausedStatus) => void,
  end: () => void,
  /** The failure; null when the pause is over. */
  current: () => { error: unknown } | null,
]

/** A pause is for one status: another context, or an account that the person binds, may end the failure. */
export type PausedStatus = 'offline' | 'signedIn'

/** Signed in, a call is the only thing that the person can do: it asks the server again after this time. */
const longestSignedIn = 60_000

export const createPause = (stateStore: SessionStateStore<unknown>, now: () => number): Pause => {
  let failures = 0
  /** The failure, and the status that it is for; none when no pause has begun. */
  let status: PausedStatus | undefined
  let error: unknown
  let since: number
  let length: number
  const begin = (failure: unknown, pausedStatus: PausedStatus) => {
    failures += 1
    error = failure
    status = pausedStatus
    since = now()
    length = retryDelay(failure, failures)
    if (status === 'signedIn') length = Math.min(length, longestSignedIn)
  }
  const end = () => {
    failures = 0
    status = undefined
  }
  const current = () => {
    const passed = now() - since
    // A clock that was set back ends it.
    return status === stateStore.state.status && passed >= 0 && passed < length ? { error } : null
  }
  return [begin, end, current]
}
