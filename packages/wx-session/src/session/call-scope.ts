import { withTimeLimit } from './time-limit.ts'

/**
 * The token that calls are sent with at once, without waiting for a sign-in: an empty one for calls of the sign-in
 * itself, the old one for the last call of a sign-out. undefined: the calls have the session's token.
 */
export interface CallScope {
  callToken?: string | undefined
}

/** Calls `run`, within a time limit in milliseconds. The calls that it starts before its first `await` get the token. */
export const runWithToken = <T>(
  scope: CallScope,
  token: string,
  run: () => Promise<T>,
  milliseconds: number,
): Promise<T> =>
  withTimeLimit(() => {
    const outer = scope.callToken
    scope.callToken = token
    try {
      return run()
    } finally {
      scope.callToken = outer
    }
  }, milliseconds)
