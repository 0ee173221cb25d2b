import { createSession, type Session, type SessionReply } from '@mianmi/wx-session'

interface Customer {
  userId: number
}
interface Body {
  code: number // 0: done, 401: the token is rejected
  data: { token: string; user: Customer; ticket?: string; expiresAt: string }
}

function signInOf(reply: SessionReply) {
  const { code, data } = reply.data as Body
  if (code !== 0) throw reply // its data.reason and data.retryAfter count, and it becomes state.error
  if (data.ticket) {
    return { status: 'unbound', ticket: data.ticket, ticketExpiresAt: data.expiresAt } as const
  }
  return { status: 'signedIn', tokens: { accessToken: data.token }, user: data.user } as const
}

export const session: Session<Customer> = createSession<Customer>({
  wx,
  exchange: async (code) =>
    signInOf(await session.request({ url: `${host}/login`, method: 'POST', data: { code } })),
  isUnauthenticated: (failure) => ((failure as SessionReply).data as Body).code === 401,
  isSameUser: (a, b) => a.userId === b.userId,
})

export async function bind(account: string, password: string) {
  if (session.state.status !== 'unbound') return
  const data = { ticket: session.state.ticket, account, password }
  const reply = await new Promise<SessionReply>((success, fail) =>
    wx.request({ url: `${host}/bind`, method: 'POST', data, success, fail }),
  )
  const signIn = signInOf(reply)
  if (signIn.status === 'signedIn') await session.accept(signIn)
}

export const upload = (filePath: string) =>
  session.authorized(async (accessToken) => {
    const header = { authorization: `Bearer ${accessToken}` }
    const reply = await new Promise<SessionReply>((success, fail) =>
      wx.uploadFile({ url: `${host}/files`, filePath, name: 'file', header, success, fail }),
    )
    const data = JSON.parse(reply.data as string) as Body // wx.uploadFile does not parse it
    if (data.code !== 0) throw { ...reply, data }
    return data.data
  })
