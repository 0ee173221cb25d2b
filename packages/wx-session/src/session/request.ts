import type { AuthorizedRun } from './authorized.ts'
import {
  callError,
  createCallWx,
  type SessionReply,
  type SessionRequestOptions,
  type SessionWx,
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
    { wx, isUnauthenticated, requestTimeout }: SendRequestOptions,
  ): ((options: SessionRequestOptions) => Promise<SessionReply>) =>
  (options) => {
    let rejected: unknown
    const send = async (token: string) => {
      const { timeout = requestTimeout } = options
      const header = withToken(options.header, token)
      const request = merge(options, { header })
      const reply = await createCallWx(wx, timeout)('request', request)
      if (typeof fieldsOf(reply)['statusCode'] !== 'number') throw callError('request', 'no status')
      if (!isUnauthenticated(reply)) return reply
      rejected = reply
      throw reply
    }
    // Like wx.request: a reply that refuses the token a second time is a reply.
    return authorized(send).catch((error: unknown) => {
      if (error && error === rejected) return error as SessionReply
      throw error
    })
  }
