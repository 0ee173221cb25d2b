import type { AuthorizedRun } from './authorized.ts'
import {
  callWx,
  type SessionReply,
  type SessionRequestOptions,
  type SessionWx,
  WxCallError,
} from './call-wx.ts'
import { fieldsOf, merge } from './fields.ts'
import { withToken } from './with-token.ts'

export interface SendRequestOptions {
  wx: SessionWx
  isUnauthenticated(failure: unknown): boolean
  /** Milliseconds. */
  requestTimeout: number
}

/** `wx.request` with the token; see `Session.request`. */
export const createRequest =
  (
    authorized: AuthorizedRun,
    defaults: SendRequestOptions,
  ): ((options: SessionRequestOptions) => Promise<SessionReply>) =>
  (options) => {
    let reply: SessionReply | undefined
    const send = async (token: string) => {
      const { timeout = defaults.requestTimeout } = options
      reply = await callWx(
        defaults.wx,
        timeout,
        'request',
        // A call that is repeated would call it twice.
        merge(options, { header: withToken(options.header, token), complete: undefined }),
      )
      if (typeof fieldsOf(reply)['statusCode'] !== 'number')
        throw new WxCallError('request', { message: 'no status' })
      if (defaults.isUnauthenticated(reply)) throw reply
      return reply
    }
    // Like wx.request: a reply that refuses the token a second time is a reply.
    return authorized(send).catch((error: unknown) => {
      if (reply && error === reply) return reply
      throw error
    })
  }
