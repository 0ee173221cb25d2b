import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSession, notSignedIn } from '../src/index.ts'
import { bench, farFuture, serverError, settle, World } from './world.ts'

afterEach(() => {
  vi.useRealTimers()
})

const key = 'wx-session'
const tokens = {
  accessToken: 'kept',
  accessTokenExpiresAt: farFuture,
  refreshToken: 'keptRefresh',
  refreshTokenExpiresAt: farFuture,
}
const past = '2001-01-01T00:00:00.000Z'

describe('a first launch', () => {
  it('makes one wx.login and one exchange, however many calls wait for it', async () => {
    const { world, session, call } = bench()
    const early = [call(), call(), call()]
    expect(session.state).toEqual({ status: 'starting' })
    const launches = [session.launch(), session.launch()]
    const answers = await Promise.all([...early, call()])
    expect(new Set(answers).size).toBe(1)
    expect(await Promise.all(launches)).toEqual(
      Array(2).fill({ status: 'signedIn', user: { name: 'ming' } }),
    )
    expect(world.counts).toMatchObject({ login: 1, exchange: 1, refresh: 0, call: 4 })
  })

  it('is begun by the first call where the app has not begun it', async () => {
    const { session, call } = bench()
    await call()
    expect(session.state.status).toBe('signedIn')
  })

  it('is over once: a later launch tells the state and asks nobody', async () => {
    const { world, session } = bench()
    await session.launch()
    await session.signOut()
    expect(await session.launch()).toEqual({ status: 'signedOut' })
    expect(world.counts.login).toBe(1)
  })

  it('by an unknown identity says so, and calls fail without a request', async () => {
    const { world, session, call } = bench()
    world.boundTo = null
    const refusal = () => call().then(() => null, notSignedIn)
    const waiting = refusal()
    expect(await session.launch()).toMatchObject({
      status: 'unbound',
      ticket: expect.stringMatching(/^ticket/),
    })
    expect((await waiting)?.state.status).toBe('unbound')
    expect((await refusal())?.state.status).toBe('unbound')
    expect(world.sent).toEqual([])
    expect(world.storage.size).toBe(0)
  })

  it('asks for a fresh code once where WeChat refuses the first', async () => {
    const { world, session } = bench()
    const refusals = [serverError('code_rejected')]
    world.trouble.exchange = () => refusals.pop()
    expect((await session.launch()).status).toBe('signedIn')
    expect(world.counts).toMatchObject({ login: 2, exchange: 2 })
  })

  it('gives up where the second code is refused too', async () => {
    const { world, session } = bench()
    world.trouble.exchange = () => serverError('code_used')
    expect(await session.launch()).toMatchObject({ status: 'offline' })
    expect(world.counts).toMatchObject({ login: 2, exchange: 2 })
  })
})

describe('a launch with a kept sign-in', () => {
  it('uses it at once and asks nobody', async () => {
    const world = new World()
    await bench(world).session.launch()
    const { login, exchange } = world.counts
    const { session, call } = bench(world)
    expect(await session.launch()).toEqual({ status: 'signedIn', user: { name: 'ming' } })
    expect(await call()).toMatch(/access/)
    expect(world.counts).toMatchObject({ login, exchange, refresh: 0 })
  })

  it('signs in anew where the refresh token has expired', async () => {
    const world = new World()
    const expired = { ...tokens, refreshTokenExpiresAt: past }
    world.storage.set(key, { tokens: expired, user: { name: 'old' } })
    const { session } = bench(world)
    expect(await session.launch()).toMatchObject({ user: { name: 'ming' } })
    expect(world.counts.login).toBe(1)
  })

  it('goes by the access token where there is no refresh', async () => {
    const world = new World()
    const expired = { ...tokens, accessTokenExpiresAt: past }
    world.storage.set(key, { tokens: expired, user: { name: 'old' } })
    const { wx, exchange } = world
    expect(await createSession({ wx, exchange }).launch()).toMatchObject({ user: { name: 'ming' } })
  })

  it.each([
    ['a string', 'gibberish'],
    ['null', null],
    ['no tokens', { user: { name: 'old' } }],
    ['half the tokens', { tokens: { accessToken: 'x' }, user: {} }],
    ['no user', { tokens }],
    ['no date', { tokens: { ...tokens, refreshTokenExpiresAt: 'soon' }, user: {} }],
  ])('that is %s signs in anew', async (_what, content) => {
    const world = new World()
    world.storage.set(key, content)
    expect(await bench(world).session.launch()).toMatchObject({ user: { name: 'ming' } })
  })
})

describe('a launch on a bad phone', () => {
  it('signs in although nothing can be kept', async () => {
    const world = new World()
    world.wx.setStorage = ({ fail }) => fail({ errMsg: 'setStorage:fail full' })
    const { session, call } = bench(world)
    expect((await session.launch()).status).toBe('signedIn')
    expect(await call()).toMatch(/access/)
  })

  it('signs in although storage throws', async () => {
    const world = new World()
    world.wx.getStorage = () => {
      throw new Error('no storage')
    }
    expect((await bench(world).session.launch()).status).toBe('signedIn')
  })

  it('is offline when wx.login never calls back', async () => {
    vi.useFakeTimers()
    const world = new World()
    world.held.add('login')
    const { session, call } = bench(world, { loginTimeout: 5000 })
    const waiting = call().catch((error: Error) => error.message)
    const launch = session.launch()
    await vi.advanceTimersByTimeAsync(4999)
    expect(session.state.status).toBe('starting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await launch).toMatchObject({
      status: 'offline',
      error: { name: 'WxCallError', api: 'login' },
    })
    expect(await waiting).toBe('login:fail timeout')
    world.next('login').answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(session.state.status).toBe('offline')
    expect(world.counts.exchange).toBe(0)
  })

  it('goes on without storage that never calls back', async () => {
    vi.useFakeTimers()
    const world = new World()
    world.wx.getStorage = () => undefined
    const launch = bench(world).session.launch()
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await launch).status).toBe('signedIn')
  })

  it('leaves no unhandled promise where the platform returns one too', async () => {
    const world = new World()
    world.wx.login = ({ fail }) => {
      fail({ errMsg: 'login:fail', errno: 1 })
      return Promise.reject(new Error('login:fail'))
    }
    const state = await bench(world).session.launch()
    expect(state).toMatchObject({ status: 'offline', error: { errno: 1 } })
  })
})

describe('a launch offline', () => {
  const offline = async () => {
    const bad = bench()
    bad.world.held.add('exchange')
    const waiting = [bad.call(), bad.call()].map((call) => call.catch((error) => error.message))
    const launch = bad.session.launch()
    await settle()
    bad.world.next('exchange').lose()
    expect(await Promise.all(waiting)).toEqual(['request:fail', 'request:fail'])
    expect(await launch).toMatchObject({ status: 'offline', error: { message: 'request:fail' } })
    expect(bad.world.counts.login).toBe(1)
    bad.world.held.clear()
    return bad
  }

  it('is tried again by the next calls, once for all of them', async () => {
    const { world, call } = await offline()
    const answers = await Promise.all([call(), call()])
    expect(new Set(answers).size).toBe(1)
    expect(world.counts).toMatchObject({ login: 2, exchange: 2 })
  })

  it('is tried again by signIn', async () => {
    const { session } = await offline()
    expect((await session.signIn()).status).toBe('signedIn')
  })
})
