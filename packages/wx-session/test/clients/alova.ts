import { createAlova } from 'alova'
import type { Session, SessionReply, SessionWx } from '../../src/index.ts'
import type { Client, User } from './client.ts'

/** alova over wx.request. Its own adapters for uni-app and Taro work in the same way. */
export function createAlovaClient(session: Session<User>, wx: SessionWx): Client {
  const alova = createAlova({
    requestAdapter: ({ url, type, data, headers }) => {
      const reply = new Promise<SessionReply>((success, fail) => {
        const method = type.toUpperCase() as 'GET'
        wx.request?.({ url, method, data: data as object, header: { ...headers }, success, fail })
      })
      return {
        response: () => reply,
        headers: async () => (await reply).header ?? {},
        abort: () => undefined,
      }
    },
    // By default GET is cached for five minutes, also across a change of the user.
    cacheFor: null,
    responded: (reply: SessionReply) => {
      if (reply.statusCode >= 400) throw reply
      return reply.data
    },
  })
  const bearer = (accessToken: string) => ({ headers: { authorization: `Bearer ${accessToken}` } })
  return {
    get: (url) => session.authorized(async (token) => alova.Get(url, bearer(token))),
    post: (url, body) => session.authorized(async (token) => alova.Post(url, body, bearer(token))),
  }
}
