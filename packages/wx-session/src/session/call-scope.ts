import { withTimeLimit } from './time-limit.ts'

/**
 * The token that calls are sent with at once, without waiting for a sign-in: an empty one for calls of the sign-in
 * itself, the old one for the last call of a sign-out. undefined: the calls have the session's token.
 */
export interface CallScope {
  callToken?: string | undefined
  /** How many of `exchange` and `refresh` have not ended. */
  asks: number
  /** How many of them may be running on at this moment, behind an `await`. */
  resumed: number
}

/** So many reactions of promises may lie between the end of a call and the statement behind its `await`. */
const reactions = 16

/**
 * Marks what runs next as the rest of `exchange` or `refresh`: it is called where their first `await` begins, and where
 * a call of theirs ends. A call that they make there would wait for themselves.
 */
export const continueAsk = async (scope: CallScope): Promise<void> => {
  scope.resumed += 1
  for (let count = 0; count < reactions; count += 1) await 0
  scope.resumed -= 1
}

/** The error of a call of `exchange` or `refresh` that would wait for their own end. */
export const waitsForItself = (): Error =>
  new Error('A call of exchange or refresh behind an await waits for itself: use wx.request')

/** Calls `run`, within a time limit in milliseconds. The calls that it starts before its first `await` get the token. */
export const runWithToken = <T>(
  scope: CallScope,
  token: string,
  [run, milliseconds]: readonly [run: () => Promise<T>, milliseconds: number],
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
