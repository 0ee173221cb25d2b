export interface WxFailure {
  errMsg?: string
  errno?: number
}

interface Callbacks<R> {
  success(result: R): void
  fail(failure: WxFailure): void
}

/**
 * The part of `wx` that a session needs. Only callbacks are relied on: the promise form of these
 * differs between WeChat, Taro and uni-app, and wx.login has none.
 */
export interface SessionWx {
  login(options: { timeout?: number } & Callbacks<{ code: string }>): unknown
  getStorage(options: { key: string } & Callbacks<{ data: unknown }>): unknown
  setStorage(options: { key: string; data: unknown } & Callbacks<unknown>): unknown
  removeStorage(options: { key: string } & Callbacks<unknown>): unknown
}

/** An API of the phone failed, or never called back. */
export class WxCallError extends Error {
  /** For example `login`. */
  declare readonly api: string
  /** WeChat's error number (base library 2.24 and newer). Match on it: the message is localised. */
  declare readonly errno: number | undefined

  constructor(api: string, failure: WxFailure | undefined) {
    super(failure?.errMsg ?? `${api}:fail`)
    this.name = 'WxCallError'
    this.api = api
    this.errno = failure?.errno
  }
}

type Api = keyof SessionWx
type Options<A extends Api> = Parameters<SessionWx[A]>[0]
type Result<A extends Api> = Parameters<Options<A>['success']>[0]

/**
 * A callback API as a promise. Rejects with a WxCallError when it fails, and after `limit`
 * milliseconds without an answer: some clients never call back.
 */
export function callWx<A extends Api>(
  { wx, api, limit }: { wx: Pick<SessionWx, A>; api: A; limit: number },
  options: Omit<Options<A>, 'success' | 'fail'>,
): Promise<Result<A>> {
  return new Promise((resolve, reject) => {
    const fail = (failure: WxFailure) => {
      clearTimeout(timer)
      reject(new WxCallError(api, failure))
    }
    const success = (result: Result<A>) => {
      clearTimeout(timer)
      resolve(result)
    }
    const timer = setTimeout(() => fail({ errMsg: `${api}:fail timeout` }), limit)
    const phone = wx as Record<Api, (options: unknown) => unknown>
    try {
      const returned = phone[api](Object.assign({}, options, { success, fail }))
      // Taro and uni-app return a promise too, whose rejection nobody would handle.
      const promise = returned as { then?: unknown } | null | undefined
      if (typeof promise?.then === 'function') promise.then(ignore, ignore)
    } catch (error) {
      fail({ errMsg: `${api}:fail ${error}` })
    }
  })
}

function ignore(): void {}
