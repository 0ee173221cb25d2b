import type { Session, SessionReply } from '../../src/index.ts'
import type { Client, User } from './client.ts'

/** The part of `wx.cloud` that is used (微信云托管). */
export interface WxCloud {
  callContainer(options: {
    path: string
    method: 'GET' | 'POST'
    header: Record<string, string>
    data?: object
  }): Promise<SessionReply>
}

/** wx.cloud.callContainer resolves with a reply of any status. */
export function createContainerClient(session: Session<User>, cloud: WxCloud): Client {
  const call = (path: string, method: 'GET' | 'POST', data?: object) =>
    session.authorized(async (accessToken) => {
      const header = { 'X-WX-SERVICE': 'orders', authorization: `Bearer ${accessToken}` }
      const reply = await cloud.callContainer({ path, method, header, ...(data && { data }) })
      if (reply.statusCode >= 400) throw reply
      return reply.data
    })
  return { get: (path) => call(path, 'GET'), post: (path, body) => call(path, 'POST', body) }
}
