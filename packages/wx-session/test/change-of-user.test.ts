import { describe, expect, it } from 'vitest'
import { createSession } from '../src/index.ts'
import { createFixture, FakePlatform, settle } from './fixtures/fake-platform.ts'

const hong = { id: '2', name: 'hong' }

async function signedIn() {
  const platform = new FakePlatform()
  platform.boundTo = { id: '1', name: 'ming' }
  const fixture = createFixture(platform)
  await fixture.session.launch()
  return { ...fixture, mingsToken: platform.newest() }
}

it('a call is not repeated for another user whom the renewal signs in, and the app hears of the change', async () => {
  const { platform, session, call, mingsToken } = await signedIn()
  const heard: unknown[] = []
  session.on('signedIn', ({ user }) => heard.push(user))
  // On a PC, the same WeChat was unbound from ming and bound to hong.
  platform.revoke()
  platform.boundTo = hong
  await expect(call('account.delete')).rejects.toMatchObject({
    data: { reason: 'unauthenticated' },
  })
  expect(platform.sent).toEqual([{ path: 'account.delete', token: mingsToken }])
  expect(session.state).toEqual({ status: 'signedIn', user: hong })
  expect(heard).toEqual([hong])
  expect(await call('me')).toBe(platform.newest())
})

it('of calls in flight none is repeated for another user, also when its refusal comes later', async () => {
  const { platform, session, call, mingsToken } = await signedIn()
  platform.delayed.add('call')
  const [first, second] = [call('a'), call('b')].map((sent) => sent.catch(() => 'failed'))
  await settle()
  platform.revoke()
  platform.boundTo = hong
  platform.take('call').reply()
  await settle()
  expect(session.state).toEqual({ status: 'signedIn', user: hong })
  platform.take('call').reply()
  expect(await Promise.all([first, second])).toEqual(['failed', 'failed'])
  expect(platform.sent.map(({ token }) => token)).toEqual([mingsToken, mingsToken])
})

it('a new profile of the same id is the same user, and the call is repeated', async () => {
  const { platform, session, call } = await signedIn()
  const heard: unknown[] = []
  session.on('signedIn', (state) => heard.push(state))
  platform.revoke()
  platform.boundTo = { id: '1', name: 'Ming' }
  expect(await call()).toBe(platform.newest())
  expect(session.state).toEqual({ status: 'signedIn', user: { id: '1', name: 'Ming' } })
  expect(heard).toEqual([])
})

it('isSameUser decides where a user has no id', async () => {
  const isSameUser = () => true
  const { platform, session, call } = createFixture(new FakePlatform(), { isSameUser })
  await session.launch()
  platform.revoke()
  platform.boundTo = { name: 'renamed' }
  expect(await call()).toBe(platform.newest())
})

it('another context that signs another user in is heard, and what this one had sent is not repeated', async () => {
  const { platform, session, call } = await signedIn()
  const other = createFixture(platform)
  await other.session.signOut()
  await other.session.accept({ tokens: platform.newTokens(hong), user: hong })
  platform.expire()
  await expect(call('account.delete')).rejects.toThrow('unauthenticated')
  expect(session.state).toEqual({ status: 'signedIn', user: hong })
  expect(platform.counts).toMatchObject({ login: 1, refresh: 0 })
})

describe('users who cannot be told apart by an id', () => {
  const profile = { nickname: '微信用户', avatar: '' }
  const unauthenticated = { statusCode: 401 }
  const createApp = (users: unknown[], refresh?: () => Promise<{ accessToken: string }>) => {
    const sent: string[] = []
    const heard: unknown[] = []
    let signIns = 0
    const session = createSession<unknown>({
      wx: new FakePlatform().wx,
      exchange: async () => ({
        status: 'signedIn',
        tokens: { accessToken: `t${signIns}`, refreshToken: refresh && 'r' },
        user: users[signIns++],
      }),
      refresh,
    })
    session.on('signedIn', ({ user }) => heard.push(user))
    const call = () =>
      session.authorized(async (token) => {
        sent.push(token)
        if (token === 't0') throw unauthenticated
        return token
      })
    return { session, call, sent, heard }
  }

  it.each<[string, unknown, unknown]>([
    ['none in the replies', undefined, undefined],
    ['null', null, null],
    ['the default profile of WeChat', profile, { ...profile }],
    ['an empty id', { id: '', key: 1 }, { id: '', key: 2 }],
    ['the id 0', { id: 0, key: 1 }, { id: 0, key: 2 }],
    ['an id that is an object', { id: { key: 1 } }, { id: { key: 1 } }],
    ['another name of the id', { userId: 1 }, { userId: 1 }],
    ['a map', new Map([['id', 1]]), new Map([['id', 2]])],
    ['a text', 'a', 'a'],
    ['one object for both', profile, profile],
  ])(
    'are not the same after a new wx.login (%s): no call is repeated, and the app hears of it',
    async (_what, first, second) => {
      const { session, call, sent, heard } = createApp([first, second])
      await session.launch()
      await expect(call()).rejects.toBe(unauthenticated)
      expect(sent).toEqual(['t0'])
      expect(heard).toEqual([first, second])
      expect(await call()).toBe('t1')
    },
  )

  it.each([undefined, null, profile])(
    'are the same after a refresh (%j): it renews the tokens of one session',
    async (user) => {
      const { session, call, heard } = createApp([user], async () => ({ accessToken: 't1' }))
      await session.launch()
      expect(await call()).toBe('t1')
      expect(heard).toEqual([user])
    },
  )
})

it('the pause of a former user does not hold up the renewals of who was bound since', async () => {
  const platform = new FakePlatform()
  const { session, call } = createFixture(platform)
  await session.launch()
  platform.revoke()
  platform.failures.exchange = () =>
    Object.assign(new Error('of ming'), { data: { retryAfter: 60 } })
  await expect(call()).rejects.toThrow('of ming')
  platform.failures = {}
  await session.accept({ tokens: platform.newTokens(hong), user: hong })
  platform.expire()
  expect(await call()).toBe(platform.newest())
})

it('a refused repetition of a former user begins no pause for who was bound since', async () => {
  const { platform, session, call } = await signedIn()
  platform.expire()
  let refuse = () => {}
  let attempts = 0
  const waiting = session
    .authorized(async () => {
      attempts += 1
      if (attempts === 2) await new Promise<void>((resolve) => (refuse = resolve))
      throw { statusCode: 401 }
    })
    .catch((failure: unknown) => failure)
  await settle()
  await session.accept({ tokens: platform.newTokens(hong), user: hong })
  refuse()
  expect(await waiting).toEqual({ statusCode: 401 })
  platform.expire()
  expect(await call()).toBe(platform.newest())
})
