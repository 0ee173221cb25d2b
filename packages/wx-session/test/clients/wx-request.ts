import type { Session, SessionRequestOptions } from '../../src/index.ts'
import type { Client, User } from './client.ts'

/** `wx.request`, `Taro.request` and `uni.request`: the session has them itself. */
export function createWxRequestClient(session: Session<User>): Client {
  // Like wx.request it resolves with a reply of any status: also with a refusal, for example of another user's token.
  const send = async (options: SessionRequestOptions) => {
    const { statusCode, data } = await session.request(options)
    if (statusCode >= 400) throw new Error(`HTTP ${statusCode}`)
    return data
  }
  return {
    get: (url) => send({ url }),
    post: (url, body) => send({ url, method: 'POST', data: body }),
  }
}
