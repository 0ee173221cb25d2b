import type { Session } from '../../src/index.ts'
import type { Client, User } from './client.ts'

/** `wx.request`, `Taro.request` and `uni.request`: the session has them itself. */
export function createWxRequestClient(session: Session<User>): Client {
  return {
    async get(url) {
      const { statusCode, data } = await session.request({ url })
      if (statusCode >= 400) throw new Error(`HTTP ${statusCode}`)
      return data
    },
    async post(url, body) {
      const { data } = await session.request({ url, method: 'POST', data: body })
      return data
    },
  }
}
