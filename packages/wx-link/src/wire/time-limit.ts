import { toLinkError } from './link-error.ts'

/** Milliseconds: the time-out of wx.request. */
const wxTimeout = 60_000
/** Milliseconds after the time-out, within which the phone should have called back. */
const graceTime = 5_000

/**
 * A promise that rejects as a time-out when it has not settled 5 s after `timeout`: a phone that keeps to the time-out
 * has called back before, and some phones never do. What comes later is ignored.
 *
 * @param timeout milliseconds; default: WeChat's
 */
export const withTimeLimit = <T>(
  start: (resolve: (value: T | PromiseLike<T>) => void, reject: (error: unknown) => void) => void,
  timeout: number = wxTimeout,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const limit = timeout + graceTime
    const expire = () => reject(toLinkError('request:fail timeout'))
    // A longer time overflows the timer, which would end at once.
    const timer = limit < 2 ** 31 ? setTimeout(expire, limit) : 0
    new Promise(start).then(resolve, reject).then(() => clearTimeout(timer))
  })
