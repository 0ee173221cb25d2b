import { namedError } from './fields.ts'

/**
 * Starts the work at once and settles with it, or rejects after the given milliseconds: a `wx.request` may never call
 * back. What comes later is ignored.
 */
export const withTimeLimit = <T>(
  start: () => T | PromiseLike<T>,
  milliseconds: number,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const expire = () => reject(namedError('TimeoutError', `timeout of ${milliseconds} ms`))
    // A longer time overflows the timer, which would end at once.
    const timer = milliseconds < 2 ** 31 ? setTimeout(expire, milliseconds) : 0
    // An async function calls `then` once. Some clients send the call with each `then`.
    const run = async () => start()
    run()
      .then(resolve, reject)
      .then(() => clearTimeout(timer))
  })
