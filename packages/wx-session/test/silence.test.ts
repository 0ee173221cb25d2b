import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSession, type SessionOptions, type SessionWx } from '../src/index.ts'
import { createFixture, FakePlatform, type User } from './fixtures/fake-platform.ts'

/** What a phone or a server that never answers, or answers without sense, does to a session. */

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => undefined)
const minute = 60_000

async function signedIn(options: Partial<SessionOptions<User>> = {}) {
  const fixture = createFixture(new FakePlatform(), options)
  await fixture.session.launch()
  return fixture
}

describe('an exchange that never ends', () => {
  it('is offline after requestTimeout, a tap signs in, and the late reply is ignored', async () => {
    const platform = new FakePlatform()
    platform.delayed.add('exchange')
    const { session, call } = createFixture(platform)
    const launch = session.launch()
    const waiting = call().catch((error: Error) => error)
    await vi.advanceTimersByTimeAsync(minute)
    expect(await launch).toMatchObject({ status: 'offline', error: { name: 'TimeoutError' } })
    expect(await waiting).toMatchObject({ cause: { name: 'TimeoutError' } })
    const late = platform.take('exchange')
    platform.delayed.clear()
    platform.boundTo = null
    expect((await session.signIn()).status).toBe('unbound')
    platform.boundTo = { name: 'late' }
    late.reply()
    await vi.advanceTimersByTimeAsync(0)
    expect(session.state.status).toBe('unbound')
  })

  it('takes as long as the app says', async () => {
    const { wx } = new FakePlatform()
    const session = createSession<User>({ wx, exchange: never, requestTimeout: 100 })
    const launch = session.launch()
    await vi.advanceTimersByTimeAsync(99)
    expect(session.state.status).toBe('starting')
    await vi.advanceTimersByTimeAsync(1)
    expect((await launch).status).toBe('offline')
  })
})

it('a refresh that never ends fails its calls, and the next call tries again', async () => {
  const { platform, session, call } = await signedIn()
  platform.expire()
  platform.delayed.add('refresh')
  const waiting = call().catch((error: Error) => error)
  await vi.advanceTimersByTimeAsync(minute)
  expect(await waiting).toMatchObject({ cause: { name: 'TimeoutError' } })
  expect(session.state.status).toBe('signedIn')
  platform.delayed.clear()
  expect(await call()).toMatch(/^access/)
})

it('a call that never ends fails, and holds nothing up', async () => {
  const { session } = await signedIn()
  const dead = session.authorized(never).catch((error: Error) => error.name)
  const patient = session
    .authorized(never, { timeout: 2 * minute })
    .catch((error: Error) => error.name)
  expect(await session.authorized(async (token) => token)).toMatch(/^access/)
  await vi.advanceTimersByTimeAsync(minute)
  expect(await dead).toBe('TimeoutError')
  expect(await Promise.race([patient, 'still waiting'])).toBe('still waiting')
  await vi.advanceTimersByTimeAsync(minute)
  expect(await patient).toBe('TimeoutError')
})

it('a revoke that never ends delays signOut by at most loginTimeout', async () => {
  const { session } = await signedIn()
  let isDone = false
  const done = session.signOut(never).then(() => {
    isDone = true
  })
  expect(session.state.status).toBe('signedOut')
  await vi.advanceTimersByTimeAsync(9_999)
  expect(isDone).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await done
})

describe('wx.login', () => {
  it.each<[string, SessionWx['login']]>([
    ['success without an argument', ({ success }) => success(undefined as never)],
    ['success without a code', ({ success }) => success({} as never)],
    ['a rejection without fail', () => Promise.reject({ errMsg: 'login:fail system' })],
    ['an error without fail', () => Promise.reject(new Error('system'))],
  ])('that answers with %s is a failure at once', async (_how, login) => {
    const platform = new FakePlatform()
    platform.wx.login = login
    const { session } = createFixture(platform)
    expect(await session.launch()).toMatchObject({ status: 'offline', error: { api: 'login' } })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an answer of the server without sense', () => {
  it.each([
    ['null', null],
    ['a text', 'signedIn'],
    ['no status', { tokens: { accessToken: 'a' } }],
    ['unbound without a ticket', { status: 'unbound' }],
    ['a sign-in without tokens', { status: 'signedIn', user: { name: 'ming' } }],
    [
      'a sign-in with an empty token',
      { status: 'signedIn', tokens: { accessToken: '' }, user: {} },
    ],
  ])('to exchange: %s is offline with an error, and a tap tries again', async (_what, reply) => {
    const platform = new FakePlatform()
    const replies = [reply]
    const exchange = async (code: string) =>
      replies.length > 0 ? (replies.pop() as never) : platform.exchange(code)
    const { session } = createFixture(platform, { exchange })
    expect(await session.launch()).toMatchObject({
      status: 'offline',
      error: { name: 'TypeError' },
    })
    expect((await session.signIn()).status).toBe('signedIn')
  })

  it.each([
    ['null', null],
    ['no token', {}],
    ['an empty token', { accessToken: '' }],
    ['a number as a token', { accessToken: 7 }],
    ['an empty refresh token', { accessToken: 'a', refreshToken: '' }],
    ['HTML', '<html>502</html>'],
    ['undefined', undefined],
  ])('to refresh: %s is an error of the call, and the sign-in stays', async (_what, reply) => {
    const { platform, session, call } = await signedIn({ refresh: async () => reply as never })
    const stored = structuredClone(platform.storage.get('wx-session'))
    platform.expire()
    platform.boundTo = null
    await expect(call()).rejects.toMatchObject({ cause: { message: 'refresh: no access token' } })
    expect(session.state.status).toBe('signedIn')
    expect(platform.storage.get('wx-session')).toEqual(stored)
    expect(platform.counts.login).toBe(1)
  })

  it('to accept is refused, and changes nothing', async () => {
    const { session } = await signedIn()
    const before = session.state
    for (const tokens of [
      undefined,
      {},
      { accessToken: '' },
      { accessToken: 'a', refreshToken: '' },
    ])
      await expect(
        session.accept({ tokens: tokens as never, user: { name: 'x' } }),
      ).rejects.toThrow(TypeError)
    expect(session.state).toBe(before)
  })
})

it('a refresh that returns an access token only keeps the refresh token', async () => {
  const seen: string[] = []
  const { platform, call } = await signedIn({
    refresh: async (token) => {
      seen.push(token)
      const { accessToken } = platform.newTokens({ name: 'ming' })
      return { accessToken }
    },
  })
  for (let round = 0; round < 2; round += 1) {
    platform.expire()
    await call()
  }
  expect(seen).toHaveLength(2)
  expect(seen[0]).toBe(seen[1])
})
