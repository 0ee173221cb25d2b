import type { Tokens } from './state/session-state.ts'

/**
 * How the session treats a call. `public`: it is sent at once, without a token. `{ tokens }`: it is sent at once with
 * these tokens (the last call of a sign-out). null: the default.
 */
export type CallMode = 'public' | { tokens: Tokens } | null

export interface CallScope {
  readonly mode: CallMode
  /** Calls `run`. The calls that it starts before its first `await` get the mode. */
  within<T>(mode: CallMode, run: () => T): T
}

export function createCallScope(): CallScope {
  let current: CallMode = null
  return {
    get mode() {
      return current
    },
    within(mode, run) {
      const outer = current
      current = mode
      try {
        return run()
      } finally {
        current = outer
      }
    },
  }
}
