import { namedError } from './fields.ts'

/**
 * Starts the work at once and settles with it, or rejects after the given milliseconds: a `wx.request` may never call
 * back. What comes later is ignored.
 */
export const withTimeLimit = <T>(
  start: () => T | PromiseLike<T>,
  milliseconds: number,
  createError: () => Error = () => namedError('TimeoutError', `No reply within ${milliseconds} ms`),
): Promise<T> =>
  new Promise((resolve, reject) => {
    // A longer time overflows the timer, which would end at once.
    const timer = milliseconds < 2 ** 31 ? setTimeout(() => reject(createError()), milliseconds) : 0
    const end =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer)
        settle(value)
      }
    // An async function calls `then` once. Some clients send the call with each `then`.
    const run = async () => start()
    run().then(end(resolve), end(reject))
  })
