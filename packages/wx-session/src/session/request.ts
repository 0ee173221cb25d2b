import type { Authorized } from './authorized.ts'
import { callWx, type SessionWx, WxCallError } from './call-wx.ts'

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

export interface SendRequestOptions {
  wx: SessionWx
  isUnauthenticated(failure: unknown): boolean
  /** Milliseconds. */
  requestTimeout: number
}

/** `wx.request` with the token; see `Session.request`. */
export function createRequest(
  authorized: Authorized,
  { wx, isUnauthenticated, requestTimeout }: SendRequestOptions,
): (options: SessionRequestOptions) => Promise<SessionReply> {
  return (options) => {
    let rejected: SessionReply | null = null
    const send = async (token: string) => {
      const authorization = token && { authorization: `Bearer ${token}` }
      const header = Object.assign({}, options.header, authorization)
      const timeout = options.timeout ?? requestTimeout
      const reply = await callWx(
        { wx, api: 'request', timeout },
        Object.assign({}, options, { header }),
      )
      if (typeof reply?.statusCode !== 'number') {
        throw new WxCallError('request', { errMsg: 'request:fail no status' })
      }
      if (!isUnauthenticated(reply)) return reply
      rejected = reply
      throw reply
    }
    // Like wx.request: a reply that refuses the token a second time is a reply.
    return authorized(send, { timeout: Number.POSITIVE_INFINITY }).catch((error: unknown) => {
      if (rejected && error === rejected) return rejected
      throw error
    })
  }
}
