import { createWxClient, wxLink } from '@mianmi/wx-link/client'
import { createSession, type Session } from '@mianmi/wx-session'
import { sessionLink } from '@mianmi/wx-session/trpc'
import type { AppRouter } from '../contract/router.ts'
import { apiUrl, appId, signInUrl } from './config.ts'

export interface User {
  id: string
}

/** A reply of mianmi's plain-HTTP routes. */
interface Reply {
  success: boolean
  message: string
  data: { sid: string; refreshToken: string; userId: string; reason?: string; retryAfter?: number }
}

/** Calls mianmi. A refusal is thrown with its `reason`, which the session understands. */
async function callMianmi(path: string, data: object): Promise<Reply['data']> {
  const { data: reply } = await session.request({
    url: `${signInUrl}/auth/${path}`,
    method: 'POST',
    data,
  })
  const { success, message, data: result } = reply as Reply
  if (success) return result
  throw Object.assign(new Error(message), { reason: result.reason, retryAfter: result.retryAfter })
}

const tokensOf = ({ sid, refreshToken }: Reply['data']) => ({ accessToken: sid, refreshToken })

export const session: Session<User> = createSession<User>({
  wx,
  async exchange(code) {
    const data = await callMianmi('miniLogin', { appId, code })
    return { status: 'signedIn', tokens: tokensOf(data), user: { id: data.userId } }
  },
  refresh: async (refreshToken) => tokensOf(await callMianmi('refresh', { refreshToken })),
})

/** Ends the session here and at mianmi. */
export const signOut = (): Promise<void> =>
  session.signOut(() => session.request({ url: `${signInUrl}/auth/logout`, method: 'POST' }))

/** Your own procedures, with the token of the session. */
export const api = createWxClient<AppRouter>({
  links: [sessionLink(session), wxLink<AppRouter>({ url: `${apiUrl}/api`, request: wx.request })],
})
