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
  readonly api: string
  /** WeChat's error number (base library 2.24 and newer). Match on it: the message is localised. */
  readonly errno: number | undefined

  constructor(api: string, failure: WxFailure | undefined) {
    super(failure?.errMsg ?? `${api}:fail`)
    this.name = 'WxCallError'
    this.api = api
    this.errno = failure?.errno
  }
}

/**
 * A callback API as a promise. Rejects with a WxCallError when it fails, and after `timeout`
 * milliseconds without an answer: some clients never call back.
 */
export function callWx<R>(
  api: string,
  timeout: number,
  run: (callbacks: Callbacks<R>) => unknown,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const expire = () => fail({ errMsg: `${api}:fail timeout` })
    const timer = setTimeout(expire, timeout)
    const fail = (failure: WxFailure) => {
      clearTimeout(timer)
      reject(new WxCallError(api, failure))
    }
    const success = (result: R) => {
      clearTimeout(timer)
      resolve(result)
    }
    try {
      ignoreRejection(run({ success, fail }))
    } catch (error) {
      fail({ errMsg: `${api}:fail ${error instanceof Error ? error.message : error}` })
    }
  })
}

/** Taro and uni-app return a promise beside the callbacks, whose rejection nobody would handle. */
function ignoreRejection(returned: unknown): void {
  const promise = returned as { then?: unknown } | null | undefined
  if (typeof promise?.then !== 'function') return
  const ignore = () => undefined
  promise.then(ignore, ignore)
}
