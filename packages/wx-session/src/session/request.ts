import type { Authorized } from './authorized.ts'
import {
  callWx,
  type SessionReply,
  type SessionRequestOptions,
  type SessionWx,
  WxCallError,
} from './call-wx.ts'
import { withToken } from './with-token.ts'

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
      const header = withToken(options.header, token)
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
