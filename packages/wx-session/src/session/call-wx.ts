import type { WxFailure } from '../wx-fault.ts'
import { assign, fieldsOf, merge } from './fields.ts'
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
  /**
   * Where it is there, the network's return ends a pause.
   * https://developers.weixin.qq.com/miniprogram/dev/api/device/network/wx.onNetworkStatusChange.html
   */
  onNetworkStatusChange?(listener: (result: { isConnected: boolean }) => void): unknown
}

/** An API of `wx` has failed, or has not called back in time. */
export class WxCallError extends Error {
  /** Name of the API, for example `login`. */
  declare readonly api: string
  /** WeChat's error number (base library 2.24 and newer). Match on it: the message is localised. */
  declare readonly errno: number | undefined

  constructor(api: string, failure: WxFailure | { message: string } | undefined) {
    // An exception has a message only.
    const { errMsg, errno, message } = fieldsOf(failure) as WxFailure & { message?: string }
    super(errMsg || `${api}:fail${message ? ` ${message}` : ''}`)
    assign(this, { name: 'WxCallError', api, errno })
  }
}

type CallbackApis = Record<ApiName, (options: unknown) => unknown>
type ApiName = Exclude<keyof SessionWx, 'onNetworkStatusChange'>
type ApiOptions<A extends ApiName> = Parameters<NonNullable<SessionWx[A]>>[0]
type ApiResult<A extends ApiName> = Parameters<ApiOptions<A>['success']>[0]

export type WxCallOptions<A extends ApiName> = Omit<ApiOptions<A>, 'success' | 'fail'>

/**
 * Calls a callback API and returns a promise. It rejects with a WxCallError when the API fails, and after `timeout`
 * milliseconds without a callback, because some clients never call back. What comes later is ignored.
 */
export const callWx = <A extends ApiName>(
  wx: Pick<SessionWx, A>,
  timeout: number,
  api: A,
  options: WxCallOptions<A>,
): Promise<ApiResult<A>> => {
  const call = () =>
    new Promise<ApiResult<A>>((success, fail) => {
      // Taro and uni-app also return a promise, which some platforms reject without calling `fail`.
      Promise.resolve((wx as CallbackApis)[api](merge(options, { success, fail }))).catch(fail)
    })
  return withTimeLimit(call, timeout).catch((failure) => {
    throw new WxCallError(api, failure)
  })
}
