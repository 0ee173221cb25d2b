import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSession, notSignedIn } from '../src/index.ts'
import {
  createFixture,
  FakePlatform,
  farFuture,
  serverError,
  settle,
} from './fixtures/fake-platform.ts'

afterEach(() => {
  vi.useRealTimers()
})

const key = 'wx-session'
const tokens = {
  accessToken: 'storedAccess',
  accessTokenExpiresAt: farFuture,
  refreshToken: 'storedRefresh',
  refreshTokenExpiresAt: farFuture,
}
const past = '2001-01-01T00:00:00.000Z'

describe('a first launch', () => {
  it('makes one wx.login and one exchange for all waiting calls', async () => {
    const { platform, session, call } = createFixture()
    const early = [call(), call(), call()]
    expect(session.state).toEqual({ status: 'starting' })
    const launches = [session.launch(), session.launch()]
    const tokensSent = await Promise.all([...early, call()])
    expect(new Set(tokensSent).size).toBe(1)
    expect(await Promise.all(launches)).toEqual(
      Array(2).fill({ status: 'signedIn', user: { name: 'ming' } }),
    )
    expect(platform.counts).toMatchObject({ login: 1, exchange: 1, refresh: 0, call: 4 })
  })

  it('is started by the first call when the app has not called launch', async () => {
    const { session, call } = createFixture()
    await call()
    expect(session.state.status).toBe('signedIn')
  })

  it('happens once: a later launch returns the state and makes no request', async () => {
    const { platform, session } = createFixture()
    await session.launch()
    await session.signOut()
    expect(await session.launch()).toEqual({ status: 'signedOut' })
    expect(platform.counts.login).toBe(1)
  })

  it('that has failed is not repeated by a later launch', async () => {
    const { platform, session } = createFixture()
    platform.failures.exchange = () => new Error('down')
    await session.launch()
    expect((await session.launch()).status).toBe('offline')
    expect(platform.counts.login).toBe(1)
  })

  it('of an unbound identity ends as unbound, and calls fail without a request', async () => {
    const { platform, session, call } = createFixture()
    platform.boundTo = null
    const failedCall = () => call().then(() => null, notSignedIn)
    const waiting = failedCall()
    expect(await session.launch()).toEqual({
      status: 'unbound',
      ticket: expect.stringMatching(/^ticket/),
      ticketExpiresAt: farFuture,
    })
    expect((await waiting)?.state.status).toBe('unbound')
    expect((await failedCall())?.state.status).toBe('unbound')
    expect(platform.sent).toEqual([])
    expect(platform.storage.size).toBe(0)
  })

  it('does not show the other fields of a reply in the state', async () => {
    const { wx } = new FakePlatform()
    const replies = [
      { status: 'unbound', ticket: 't', ticketExpiresAt: farFuture, openid: 'o' },
      { status: 'signedIn', tokens: { accessToken: 'a' }, user: 1, newUser: true, openid: 'o' },
    ]
    const exchange = async () => replies.shift() as never
    const session = createSession<number>({ wx, exchange })
    expect(await session.launch()).toEqual({
      status: 'unbound',
      ticket: 't',
      ticketExpiresAt: farFuture,
    })
    expect(await session.signIn()).toEqual({ status: 'signedIn', user: 1 })
  })

  it('gets a new code once when WeChat rejects the first', async () => {
    const { platform, session } = createFixture()
    const rejections = [serverError('code_rejected')]
    platform.failures.exchange = () => rejections.pop()
    expect((await session.launch()).status).toBe('signedIn')
    expect(platform.counts).toMatchObject({ login: 2, exchange: 2 })
  })

  it('does not get a new code when the exchange fails for another reason', async () => {
    const { platform, session } = createFixture()
    platform.failures.exchange = () => serverError('user_blocked')
    expect(await session.launch()).toMatchObject({
      status: 'offline',
      error: { data: { reason: 'user_blocked' } },
    })
    expect(platform.counts).toMatchObject({ login: 1, exchange: 1 })
  })

  it('is offline when the second code is rejected too', async () => {
    const { platform, session } = createFixture()
    platform.failures.exchange = () => serverError('code_used')
    expect(await session.launch()).toMatchObject({ status: 'offline' })
    expect(platform.counts).toMatchObject({ login: 2, exchange: 2 })
  })
})

describe('a launch with a stored sign-in', () => {
  it('uses it at once and makes no request', async () => {
    const platform = new FakePlatform()
    await createFixture(platform).session.launch()
    const { login, exchange } = platform.counts
    const { session, call } = createFixture(platform)
    expect(await session.launch()).toEqual({ status: 'signedIn', user: { name: 'ming' } })
    expect(await call()).toMatch(/access/)
    expect(platform.counts).toMatchObject({ login, exchange, refresh: 0 })
  })

  it('signs in again when the refresh token has expired', async () => {
    const platform = new FakePlatform()
    const expired = { ...tokens, refreshTokenExpiresAt: past }
    platform.storage.set(key, { tokens: expired, user: { name: 'old' } })
    const { session } = createFixture(platform)
    expect(await session.launch()).toMatchObject({ user: { name: 'ming' } })
    expect(platform.counts.login).toBe(1)
  })

  it.each([
    ['in the millisecond of its expiry', 0, 'ming'],
    ['a millisecond before its expiry', 1, 'old'],
  ])('%s gives the user of the sign-in or of storage', async (_when, remaining, name) => {
    const platform = new FakePlatform()
    platform.storage.set(key, { tokens, user: { name: 'old' } })
    const now = () => Date.parse(tokens.refreshTokenExpiresAt) - remaining
    const { session } = createFixture(platform, { now })
    expect(await session.launch()).toMatchObject({ user: { name } })
  })

  it('uses the expiry of the access token when there is no refresh', async () => {
    const platform = new FakePlatform()
    const expired = { ...tokens, accessTokenExpiresAt: past }
    platform.storage.set(key, { tokens: expired, user: { name: 'old' } })
    const { wx, exchange } = platform
    expect(await createSession({ wx, exchange }).launch()).toMatchObject({ user: { name: 'ming' } })
  })

  it.each([
    ['a string', 'gibberish'],
    ['null', null],
    ['no tokens', { user: { name: 'old' } }],
    ['an empty access token', { tokens: { ...tokens, accessToken: '' }, user: {} }],
    ['an empty refresh token', { tokens: { ...tokens, refreshToken: '' }, user: {} }],
    ['no user', { tokens }],
    ['no date', { tokens: { ...tokens, refreshTokenExpiresAt: 'soon' }, user: {} }],
  ])('that is %s signs in again', async (_what, content) => {
    const platform = new FakePlatform()
    platform.storage.set(key, content)
    expect(await createFixture(platform).session.launch()).toMatchObject({ user: { name: 'ming' } })
  })
})

describe('the time of a stored access token', () => {
  const now = Date.UTC(2026, 0, 1)
  const statusAt = async (accessTokenExpiresAt: string | number | null) => {
    const { wx, storage } = new FakePlatform()
    storage.set('wx-session', { tokens: { accessToken: 'a', accessTokenExpiresAt }, user: {} })
    const exchange = async () => Promise.reject(new Error('expired'))
    return (await createSession({ wx, exchange, now: () => now }).launch()).status
  }

  it.each([null, '', now + 1, now / 1000 + 1, String(now + 1), new Date(now + 1).toISOString()])(
    '%j has not passed, or is not known',
    async (time) => {
      expect(await statusAt(time)).toBe('signedIn')
    },
  )

  it.each([now, now / 1000, String(now), new Date(now).toISOString(), 'soon'])(
    '%j has passed, or is none',
    async (time) => {
      expect(await statusAt(time)).toBe('offline')
    },
  )
})

describe('a launch on a phone whose APIs fail', () => {
  it('signs in when storage cannot be written', async () => {
    const platform = new FakePlatform()
    platform.wx.setStorage = ({ fail }) => fail({ errMsg: 'setStorage:fail full' })
    const { session, call } = createFixture(platform)
    expect((await session.launch()).status).toBe('signedIn')
    expect(await call()).toMatch(/access/)
  })

  it('reads storage again when that fails', async () => {
    const platform = new FakePlatform()
    await createFixture(platform).session.signOut()
    const { getStorage } = platform.wx
    let failures = 2
    platform.wx.getStorage = (options) => {
      if (--failures >= 0) options.fail({ errMsg: 'getStorage:fail system error' })
      else getStorage(options)
    }
    expect(await createFixture(platform).session.launch()).toEqual({ status: 'signedOut' })
  })

  it('is offline when storage cannot be read: a kept sign-out is not known, and a tap signs in', async () => {
    const platform = new FakePlatform()
    await createFixture(platform).session.signOut()
    const { getStorage } = platform.wx
    platform.wx.getStorage = () => {
      throw new Error('no storage')
    }
    const { session, call } = createFixture(platform)
    const failure = { name: 'WxCallError', api: 'getStorage' }
    expect(await session.launch()).toMatchObject({ status: 'offline', error: failure })
    await expect(call()).rejects.toMatchObject({ cause: failure })
    expect(platform.counts.login).toBe(0)
    platform.wx.getStorage = getStorage
    platform.time += 10_000
    await expect(call()).rejects.toMatchObject({ cause: { state: { status: 'signedOut' } } })
    platform.wx.getStorage = () => {
      throw new Error('no storage')
    }
    expect((await session.signIn()).status).toBe('signedIn')
  })

  it('is offline when wx.login returns no code', async () => {
    const platform = new FakePlatform()
    platform.wx.login = ({ success }) => success({ code: '' })
    const { session } = createFixture(platform)
    expect(await session.launch()).toMatchObject({
      status: 'offline',
      error: { name: 'WxCallError', api: 'login', message: 'login:fail no code' },
    })
    expect(platform.counts.exchange).toBe(0)
  })

  it('passes loginTimeout to wx.login, 10 seconds by default', async () => {
    const platform = new FakePlatform()
    const { login } = platform.wx
    const timeouts: unknown[] = []
    platform.wx.login = (options) => {
      timeouts.push(options.timeout)
      login(options)
    }
    await createFixture(platform).session.launch()
    platform.storage.clear()
    await createFixture(platform, { loginTimeout: 77 }).session.launch()
    expect(timeouts).toEqual([10_000, 77])
  })

  it('leaves no timer', async () => {
    vi.useFakeTimers()
    const { session, call } = createFixture()
    await Promise.all([session.launch(), call()])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is offline when wx.login never calls back', async () => {
    vi.useFakeTimers()
    const platform = new FakePlatform()
    platform.delayed.add('login')
    const { session, call } = createFixture(platform, { loginTimeout: 5000 })
    const waiting = call().catch((error: Error) => error.message)
    const launch = session.launch()
    await vi.advanceTimersByTimeAsync(4999)
    expect(session.state.status).toBe('starting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await launch).toMatchObject({
      status: 'offline',
      error: { name: 'WxCallError', api: 'login' },
    })
    expect(await waiting).toBe('login:fail timeout of 5000 ms')
    platform.take('login').reply()
    await vi.advanceTimersByTimeAsync(0)
    expect(session.state.status).toBe('offline')
    expect(platform.counts.exchange).toBe(0)
  })

  it('is offline after 10 seconds when storage never calls back', async () => {
    vi.useFakeTimers()
    const platform = new FakePlatform()
    platform.wx.getStorage = () => undefined
    const launch = createFixture(platform).session.launch()
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await launch).status).toBe('offline')
    expect(platform.counts.login).toBe(0)
  })

  it('leaves no unhandled rejection when the platform also returns a promise', async () => {
    const platform = new FakePlatform()
    platform.wx.login = ({ fail }) => {
      fail({ errMsg: 'login:fail', errno: 1 })
      return Promise.reject(new Error('login:fail'))
    }
    const state = await createFixture(platform).session.launch()
    expect(state).toMatchObject({ status: 'offline', error: { errno: 1 } })
  })
})

describe('a launch offline', () => {
  const offline = async () => {
    const fixture = createFixture()
    fixture.platform.delayed.add('exchange')
    const waiting = [fixture.call(), fixture.call()].map((call) =>
      call.catch((error) => error.message),
    )
    const launch = fixture.session.launch()
    await settle()
    fixture.platform.take('exchange').loseRequest()
    expect(await Promise.all(waiting)).toEqual(['request:fail', 'request:fail'])
    expect(await launch).toMatchObject({ status: 'offline', error: { message: 'request:fail' } })
    expect(fixture.platform.counts.login).toBe(1)
    fixture.platform.delayed.clear()
    return fixture
  }

  it('is retried by the next calls, once for all of them', async () => {
    const { platform, call } = await offline()
    const tokensSent = await Promise.all([call(), call()])
    expect(new Set(tokensSent).size).toBe(1)
    expect(platform.counts).toMatchObject({ login: 2, exchange: 2 })
  })

  it('is retried after a failed wx.login', async () => {
    const { platform, session } = createFixture()
    platform.delayed.add('login')
    const launch = session.launch()
    await settle()
    platform.take('login').loseRequest()
    expect(await launch).toMatchObject({ status: 'offline', error: { message: 'login:fail' } })
    platform.delayed.clear()
    expect((await session.signIn()).status).toBe('signedIn')
    expect(platform.counts.login).toBe(2)
  })

  it.each(['signIn', 'a call'])(
    'is retried by %s of a listener, while it is reported',
    async (how) => {
      const { platform, session, call } = createFixture()
      const failures = [serverError('internal')]
      platform.failures.exchange = () => failures.pop()
      const retried = new Promise((resolve) => {
        session.on('offline', () => resolve(how === 'signIn' ? session.signIn() : call()))
      })
      await session.launch()
      await retried
      expect(session.state.status).toBe('signedIn')
      expect(platform.counts.login).toBe(2)
    },
  )

  it('is retried by signIn', async () => {
    const { session } = await offline()
    expect((await session.signIn()).status).toBe('signedIn')
  })
})
