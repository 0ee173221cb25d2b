import { afterEach, describe, expect, it, vi } from 'vitest'
import { notSignedIn } from '../src/index.ts'
import {
  createFixture,
  type FakePlatform,
  farFuture,
  networkError,
  serverError,
  settle,
} from './fixtures/fake-platform.ts'

afterEach(() => {
  vi.useRealTimers()
})

const signedIn = async () => {
  const fixture = createFixture()
  await fixture.session.launch()
  return fixture
}

describe('signing out', () => {
  it('is stored: the next launch makes no request until the person signs in again', async () => {
    const { platform, session } = await signedIn()
    await session.signOut()
    expect(session.state).toEqual({ status: 'signedOut' })
    const nextRun = createFixture(platform)
    expect(await nextRun.session.launch()).toEqual({ status: 'signedOut' })
    expect((await nextRun.call().then(() => null, notSignedIn))?.state.status).toBe('signedOut')
    expect(platform.counts.login).toBe(1)
    expect((await nextRun.session.signIn()).status).toBe('signedIn')
    expect((await createFixture(platform).session.launch()).status).toBe('signedIn')
    expect(platform.counts.login).toBe(2)
  })

  it('takes effect at once, and the call of revoke still has the token', async () => {
    const { platform, session, call } = await signedIn()
    const token = await call()
    const done = session.signOut(async () => {
      await call('revoke')
    })
    expect(session.state.status).toBe('signedOut')
    await expect(call()).rejects.toThrow('Not signed in')
    await done
    expect(platform.sent.at(-1)).toEqual({ path: 'revoke', token })
  })

  it('succeeds when revoke fails, and renews no token for it', async () => {
    const { platform, session, call } = await signedIn()
    platform.revoke()
    await session.signOut(() => call('revoke'))
    await session.signOut(() => Promise.reject(new Error('unreachable')))
    expect(session.state.status).toBe('signedOut')
    expect(platform.counts).toMatchObject({ login: 1, refresh: 0 })
  })

  it('overrides a sign-in that is in progress', async () => {
    const { platform, session, call } = createFixture()
    platform.delayed.add('exchange')
    const launch = session.launch()
    const waiting = call().then(() => null, notSignedIn)
    await settle()
    await session.signOut()
    expect((await waiting)?.state.status).toBe('signedOut')
    expect(await launch).toEqual({ status: 'signedOut' })
    platform.take('exchange').reply()
    await settle()
    expect(session.state.status).toBe('signedOut')
    expect(platform.storage.get('wx-session')).toEqual({ signedOut: true })
  })

  it('overrides a refresh that is in progress', async () => {
    const { platform, session, call } = await signedIn()
    platform.expire()
    platform.delayed.add('refresh')
    const waiting = call().then(() => null, notSignedIn)
    await settle()
    await session.signOut()
    expect((await waiting)?.state.status).toBe('signedOut')
    platform.take('refresh').reply()
    await settle()
    expect(platform.storage.get('wx-session')).toEqual({ signedOut: true })
  })

  it.each([
    ['refresh', () => serverError('unauthenticated', 'UNAUTHORIZED')],
    ['exchange', () => serverError('code_used')],
  ] as const)('makes no wx.login after a rejected %s of before', async (kind, failure) => {
    const { platform, session, call } = await signedIn()
    if (kind === 'refresh') platform.expire()
    else platform.revoke()
    platform.delayed.add(kind)
    const waiting = call().then(() => null, notSignedIn)
    await settle()
    const { login } = platform.counts
    await session.signOut()
    platform.failures[kind] = failure
    platform.take(kind).reply()
    await settle()
    expect((await waiting)?.state.status).toBe('signedOut')
    expect(platform.counts.login).toBe(login)
  })

  it('does not call revoke when not signed in', async () => {
    const { session } = await signedIn()
    await session.signOut()
    const revoke = vi.fn(async () => undefined)
    await session.signOut(revoke)
    expect(revoke).not.toHaveBeenCalled()
  })

  it.each(['reads the storage', 'has not begun'])(
    'while the launch %s has the stored token for revoke',
    async (when) => {
      const { platform, session } = await signedIn()
      const token = platform.newest()
      const next = createFixture(platform)
      platform.delayed.add('storage')
      const launch = when === 'has not begun' ? undefined : next.session.launch()
      const done = next.session.signOut(() => next.call('revoke'))
      expect(next.session.state.status).toBe('signedOut')
      platform.delayed.clear()
      for (; platform.pending.length > 0; await settle()) platform.take().reply()
      await Promise.all([done, launch])
      expect(platform.sent).toEqual([{ path: 'revoke', token }])
      expect((await createFixture(platform).session.launch()).status).toBe('signedOut')
      expect(session.state.status).toBe('signedIn')
    },
  )

  it('overrides a sign-in that is still reading the storage', async () => {
    const { platform, session } = createFixture()
    platform.delayed.add('storage')
    const signIn = session.signIn()
    void session.signOut()
    platform.delayed.clear()
    for (const pending of platform.pending.splice(0)) pending.reply()
    expect((await signIn).status).toBe('signedOut')
    await settle()
    expect(platform.counts.login).toBe(0)
  })

  it('followed by a sign-in shares the running wx.login, but not its exchange', async () => {
    const { platform, session } = createFixture()
    platform.delayed.add('login')
    void session.launch()
    await settle()
    await session.signOut()
    const signIn = session.signIn()
    await settle()
    expect(platform.counts.login).toBe(1)
    platform.take('login').reply()
    expect((await signIn).status).toBe('signedIn')
    expect(platform.counts).toMatchObject({ login: 1, exchange: 1 })
  })
})

describe('accepting a bound account', () => {
  const accepted = (platform: FakePlatform) => ({
    tokens: platform.newTokens({ name: 'bound' }),
    user: { name: 'bound' },
    newUser: false,
  })

  it('signs in, is stored, and sends the waiting calls', async () => {
    const { platform, session, call } = createFixture()
    platform.delayed.add('login')
    const waiting = call()
    await settle()
    const signedInNow = accepted(platform)
    await session.accept(signedInNow)
    expect(await waiting).toBe(signedInNow.tokens.accessToken)
    expect(await createFixture(platform).session.launch()).toMatchObject({
      user: { name: 'bound' },
    })
  })

  it('overrides a sign-in in progress that found the identity unbound', async () => {
    const { platform, session } = createFixture()
    platform.boundTo = null
    platform.delayed.add('exchange')
    const launch = session.launch()
    await settle()
    await session.accept(accepted(platform))
    platform.take('exchange').reply()
    expect(await launch).toMatchObject({ user: { name: 'bound' } })
    await settle()
    expect(session.state).toMatchObject({ user: { name: 'bound' } })
    expect(platform.storage.get('wx-session')).toMatchObject({ user: { name: 'bound' } })
  })

  it('does not replay a call of the previous account', async () => {
    const { platform, session, call } = await signedIn()
    platform.delayed.add('call')
    const old = call('pay')
    await settle()
    platform.expire()
    await session.accept(accepted(platform))
    platform.delayed.clear()
    platform.take('call').reply()
    await expect(old).rejects.toMatchObject({ data: { reason: 'unauthenticated' } })
    expect(platform.sent).toHaveLength(1)
  })
})

describe('signIn', () => {
  it('has no effect when signed in', async () => {
    const { platform, session } = await signedIn()
    expect((await session.signIn()).status).toBe('signedIn')
    expect(platform.counts.login).toBe(1)
  })

  it('gets a fresh ticket for an unbound identity', async () => {
    const { platform, session } = createFixture()
    platform.boundTo = null
    const first = await session.launch()
    const second = await session.signIn()
    expect(second).toMatchObject({ status: 'unbound', ticketExpiresAt: farFuture })
    expect(second).not.toEqual(first)
  })

  it('that finds no account ends a sign-out: the next launch asks again', async () => {
    const { platform, session } = await signedIn()
    await session.signOut()
    platform.boundTo = null
    expect((await session.signIn()).status).toBe('unbound')
    expect((await createFixture(platform).session.launch()).status).toBe('unbound')
  })

  it('overrides a sign-out that could not be read when the person tapped', async () => {
    const { platform, session } = await signedIn()
    await session.signOut()
    const next = createFixture(platform)
    await next.session.launch()
    const { getStorage } = platform.wx
    let failures = 3
    platform.wx.getStorage = (options) => {
      failures -= 1
      if (failures < 0) getStorage(options)
      else options.fail({ errMsg: 'getStorage:fail system error' })
    }
    expect((await next.session.signIn()).status).toBe('signedIn')
    expect((await createFixture(platform).session.launch()).status).toBe('signedIn')
  })

  it('in a listener of a sign-out that the launch has found overrides it', async () => {
    const { platform, session } = await signedIn()
    await session.signOut()
    const next = createFixture(platform)
    const signIns: Promise<unknown>[] = []
    next.session.on('signedOut', () => signIns.push(next.session.signIn()))
    await next.session.launch()
    expect(await Promise.all(signIns)).toMatchObject([{ status: 'signedIn' }])
    expect(platform.counts.login).toBe(2)
  })

  it('that has failed does not override a sign-out of another context later', async () => {
    const { platform, session, call } = createFixture()
    platform.failures.exchange = networkError
    expect((await session.signIn()).status).toBe('offline')
    platform.failures = {}
    await createFixture(platform).session.signOut()
    expect((await call().then(() => null, notSignedIn))?.state.status).toBe('signedOut')
    expect(platform.counts.login).toBe(1)
  })

  it('is one sign-in for concurrent calls', async () => {
    const { platform, session } = await signedIn()
    await session.signOut()
    await Promise.all([session.signIn(), session.signIn(), session.signIn()])
    expect(platform.counts.login).toBe(2)
  })

  it('reports a failure as a state', async () => {
    const { platform, session } = await signedIn()
    await session.signOut()
    const error = networkError()
    platform.failures.exchange = () => error
    expect(await session.signIn()).toEqual({ status: 'offline', error })
    expect(platform.storage.get('wx-session')).toEqual({ signedOut: true })
  })
})

describe('subscribers', () => {
  it('get each change of the state until they unsubscribe', async () => {
    const { platform, session, call } = createFixture()
    const seen: string[] = []
    const unsubscribe = session.subscribe((state) => seen.push(state.status))
    await session.launch()
    platform.expire()
    await call()
    await session.updateUser({ name: 'new' })
    await session.signOut()
    unsubscribe()
    await session.signIn()
    expect(seen).toEqual(['signedIn', 'signedIn', 'signedOut'])
  })

  it('are all called when one of them throws', async () => {
    vi.useFakeTimers()
    const { session } = createFixture()
    const seen = vi.fn()
    session.subscribe(() => {
      throw new Error('page failed')
    })
    session.subscribe(seen)
    await session.launch()
    expect(seen).toHaveBeenCalledOnce()
    expect(() => vi.runAllTimers()).toThrow('page failed')
  })

  it('get the updated profile, also after a refresh and a restart', async () => {
    const { platform, session, call } = await signedIn()
    await session.updateUser({ name: 'new' })
    platform.expire()
    await call()
    expect(session.state).toEqual({ status: 'signedIn', user: { name: 'new' } })
    expect(await createFixture(platform).session.launch()).toMatchObject({ user: { name: 'new' } })
  })

  it('get no change when a profile is updated while signed out', async () => {
    const { session } = await signedIn()
    await session.signOut()
    await session.updateUser({ name: 'new' })
    expect(session.state).toEqual({ status: 'signedOut' })
  })
})

describe('storage', () => {
  it('delays accept by at most loginTimeout when it never calls back', async () => {
    vi.useFakeTimers()
    const { platform, session } = createFixture()
    platform.delayed.add('storage')
    let isStored = false
    const user = { name: 'bound' }
    const accepted = { tokens: platform.newTokens(user), user, newUser: true }
    const done = session.accept(accepted).then(() => {
      isStored = true
    })
    await vi.advanceTimersByTimeAsync(9_999)
    expect(isStored).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await done
    expect(session.state).toEqual({ status: 'signedIn', user })
  })

  it('ends with the newest content when it writes slowly', async () => {
    const { platform, session } = await signedIn()
    platform.delayed.add('storage')
    const writes = [session.updateUser({ name: 'a' }), session.updateUser({ name: 'b' })]
    writes.push(session.signOut())
    await settle()
    while (platform.pending.length > 0) {
      // One at a time: wx does not guarantee the order of two.
      expect(platform.pending).toHaveLength(1)
      platform.take('storage').reply()
      await settle()
    }
    await Promise.all(writes)
    expect(platform.storage.get('wx-session')).toEqual({ signedOut: true })
  })
})
