import { expect, it } from 'vitest'
import { createSession, type Session, type SessionWx } from '../src/index.ts'
import { FakePlatform, settle } from './fixtures/fake-platform.ts'

/** Calls while `exchange` runs. */

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
