import { expect, it } from 'vitest'
import { createSession, type Session, type SessionReply, type SessionWx } from '../src/index.ts'
import { FakePlatform, settle } from './fixtures/fake-platform.ts'

/** Calls that `exchange` and `refresh` make through the session behind their first `await`. */

interface User {
  id: number
}

/** Replies in tasks of their own, as a phone does. */
function createWx() {
  const sent: string[] = []
  const request: SessionWx['request'] = ({ url, header, success }) => {
    sent.push(url)
    const token = header?.['authorization']
    const statusCode = url === '/orders' && token !== 'Bearer new' ? 401 : 200
    setImmediate(() => success({ statusCode, data: { token: 'new' } }))
  }
  return { sent, wx: { ...new FakePlatform().wx, request } }
}

const signedIn = (accessToken: string) =>
  ({ status: 'signedIn', tokens: { accessToken }, user: { id: 1 } }) as const

const cause = /^A call of exchange or refresh behind an await waits for itself/

it.each<[string, string[], (request: (url: string) => Promise<SessionReply>) => Promise<unknown>]>([
  [
    'a second call',
    ['/login'],
    async (request) => {
      await request('/login')
      return request('/me')
    },
  ],
  [
    'a second call behind functions of the app',
    ['/login'],
    async (request) => {
      const post = async (url: string) => {
        const reply = await request(url)
        return reply.data
      }
      const login = async () => await post('/login')
      await login()
      return post('/me')
    },
  ],
  [
    'a call behind an await',
    [],
    async (request) => {
      await undefined
      return request('/login')
    },
  ],
])('%s in exchange fails at once, with its cause', async (_what, expected, steps) => {
  const { wx, sent } = createWx()
  const session: Session<User> = createSession<User>({
    wx,
    async exchange() {
      await steps((url) => session.request({ url }))
      return signedIn('new')
    },
  })
  const waiting = session.request({ url: '/orders' }).catch((error: Error) => error.message)
  const state = await session.launch()
  expect(state).toMatchObject({
    status: 'offline',
    error: { message: expect.stringMatching(cause) },
  })
  expect(sent).toEqual(expected)
  expect(await waiting).toMatch(cause)
})

it('a call behind an await in refresh fails at once, with its cause', async () => {
  const { wx, sent } = createWx()
  const session: Session<User> = createSession<User>({
    wx,
    exchange: async () => signedIn('new'),
    async refresh() {
      await undefined
      const { data } = await session.request({ url: '/orders' })
      return { accessToken: (data as { token: string }).token }
    },
  })
  await session.accept({ tokens: { accessToken: 'old', refreshToken: 'r' }, user: { id: 1 } })
  await expect(session.request({ url: '/orders' })).rejects.toThrow(cause)
  expect(sent).toEqual(['/orders', '/orders'])
})

it('a call of a page waits, whenever it is made while exchange runs', async () => {
  const { wx, sent } = createWx()
  const ends: (() => void)[] = []
  const session: Session<User> = createSession<User>({
    wx,
    async exchange() {
      await session.request({ url: '/login' })
      await new Promise<void>((resolve) => ends.push(resolve))
      return signedIn('new')
    },
  })
  const replies = [session.request({ url: '/orders' })]
  void session.launch()
  for (let turn = 0; turn < 10; turn += 1) {
    await settle()
    replies.push(session.request({ url: '/orders' }))
  }
  for (const end of ends) end()
  for (const reply of replies) expect(await reply).toMatchObject({ statusCode: 200 })
  expect(sent).toHaveLength(12)
})
