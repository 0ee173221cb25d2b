import type { Tokens } from './state/session-state.ts'
import { withTimeLimit } from './time-limit.ts'

/**
 * How the session treats a call. `public`: it is sent at once, without a token. `{ tokens }`: it is sent at once with
 * these tokens (the last call of a sign-out). null: the default.
 */
export interface CallScope {
  mode: 'public' | { tokens: Tokens } | null
}

/** Calls `run`, within a time limit in milliseconds. The calls that it starts before its first `await` get the mode. */
export function runInMode<T>(
  scope: CallScope,
  mode: CallScope['mode'],
  [run, milliseconds]: readonly [run: () => Promise<T>, milliseconds: number],
): Promise<T> {
  return withTimeLimit(() => {
    const outer = scope.mode
    scope.mode = mode
    try {
      return run()
    } finally {
      scope.mode = outer
    }
  }, milliseconds)
}
