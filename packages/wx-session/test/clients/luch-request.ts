import Request from 'luch-request'
import type { Session } from '../../src/index.ts'
import type { Client, User } from './client.ts'

/** luch-request calls `uni.request` and rejects with the reply where its status is not 2xx. */
export function createLuchClient(session: Session<User>): Client {
  const http = new Request()
  const bearer = (accessToken: string) => ({ header: { authorization: `Bearer ${accessToken}` } })
  return {
    get: (url) => session.authorized(async (token) => (await http.get(url, bearer(token))).data),
    post: (url, body) =>
      session.authorized(async (token) => (await http.post(url, body, bearer(token))).data),
  }
}
