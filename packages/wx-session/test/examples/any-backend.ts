import { createSession, type Session } from '@mianmi/wx-session'

export const session: Session<User> = createSession<User>({
  wx, // or Taro, or uni
  async exchange(code) {
    const reply = await session.request({ url: `${host}/login`, method: 'POST', data: { code } })
    if (reply.statusCode !== 200) throw reply
    const { token, user } = reply.data as { token: string; user: User }
    return { status: 'signedIn', tokens: { accessToken: token }, user }
  },
})

App({ onLaunch: () => void session.launch() })
