import type { WxFailure } from '../wx-fault.ts'
import { withTimeLimit } from './time-limit.ts'

interface WxCallbacks<R> {
  success(result: R): void
  fail(failure: WxFailure): void
}

/** What a request gets as its reply, with any HTTP status. */
export interface SessionReply {
  /** The body: parsed JSON, or text. */
  data: unknown
  /** HTTP status. */
  statusCode: number
  /** Response headers; phones do not agree on the case of names. */
  header?: object
}

/**
 * The options of wx.request, without its callbacks: the reply comes as a promise.
 * https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 */
export interface SessionRequestOptions {
  url: string
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS'
  data?: string | object | ArrayBuffer
  header?: Record<string, string>
  /** Milliseconds. */
  timeout?: number
  /** `json`: the reply is parsed. */
  dataType?: 'json' | '其他'
  responseType?: 'text' | 'arraybuffer'
}

/**
 * The part of `wx` that a session needs. It uses callbacks only: the promise form of these APIs
 * differs between WeChat, Taro and uni-app, and wx.login has none.
 */
export interface SessionWx {
  /** `timeout` in milliseconds. https://developers.weixin.qq.com/miniprogram/dev/api/open-api/login/wx.login.html */
  login(options: { timeout?: number } & WxCallbacks<{ code: string }>): unknown
  /** https://developers.weixin.qq.com/miniprogram/dev/api/storage/wx.getStorage.html */
  getStorage(options: { key: string } & WxCallbacks<{ data: unknown }>): unknown
  /** https://developers.weixin.qq.com/miniprogram/dev/api/storage/wx.setStorage.html */
  setStorage(options: { key: string; data: unknown } & WxCallbacks<unknown>): unknown
  /** https://developers.weixin.qq.com/miniprogram/dev/api/storage/wx.removeStorage.html */
  removeStorage(options: { key: string } & WxCallbacks<unknown>): unknown
  /** For `Session.request` only. https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html */
  request?(options: SessionRequestOptions & WxCallbacks<SessionReply>): unknown
}

/** An API of `wx` has failed, or has not called back in time. */
export class WxCallError extends Error {
  /** Name of the API, for example `login`. */
  declare readonly api: string
  /** WeChat's error number (base library 2.24 and newer). Match on it: the message is localised. */
  declare readonly errno: number | undefined

  constructor(api: string, failure: WxFailure | undefined) {
    super(
      failure?.errMsg ??
        (failure instanceof Error ? `${api}:fail ${failure.message}` : `${api}:fail`),
    )
    this.name = 'WxCallError'
    this.api = api
    this.errno = failure?.errno
  }
}

type ApiName = keyof SessionWx
type ApiOptions<A extends ApiName> = Parameters<NonNullable<SessionWx[A]>>[0]
type ApiResult<A extends ApiName> = Parameters<ApiOptions<A>['success']>[0]

/**
 * Calls a callback API as a promise. Rejects with a WxCallError when the API fails, and after
 * `timeout` milliseconds without a callback, because some clients never call back. What comes later is ignored.
 */
export function callWx<A extends ApiName>(
  { wx, api, timeout }: { wx: Pick<SessionWx, A>; api: A; timeout: number },
  options: Omit<ApiOptions<A>, 'success' | 'fail'>,
): Promise<ApiResult<A>> {
  const call = () =>
    new Promise<ApiResult<A>>((success, reject) => {
      const fail = (failure: WxFailure) => reject(new WxCallError(api, failure))
      const apis = wx as Record<ApiName, (options: unknown) => unknown>
      try {
        const returned = apis[api](Object.assign({}, options, { success, fail }))
        // Taro and uni-app also return a promise, which some platforms reject without calling `fail`.
        const promise = returned as { then?: unknown } | null | undefined
        if (typeof promise?.then === 'function') promise.then(null, fail)
      } catch (error) {
        fail({ errMsg: `${api}:fail ${error}` })
      }
    })
  return withTimeLimit(call, timeout, () => new WxCallError(api, { errMsg: `${api}:fail timeout` }))
}
