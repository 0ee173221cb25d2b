import { describe, expect, it } from 'vitest'
import { createSession, notSignedIn, type Tokens } from '../src/index.ts'
import {
  createFixture,
  FakePlatform,
  networkError,
  serverError,
  settle,
  type User,
} from './fixtures/fake-platform.ts'

const signedIn = async (...args: Parameters<typeof createFixture>) => {
  const fixture = createFixture(...args)
  await fixture.session.launch()
  return fixture
}

describe('a rejected access token', () => {
  it('is refreshed once for all calls, and each call is replayed once', async () => {
    const { platform, session, call } = await signedIn()
    platform.expire()
    const tokensSent = await Promise.all([call('a'), call('b'), call('c')])
    expect(new Set(tokensSent).size).toBe(1)
    expect(platform.counts).toMatchObject({ login: 1, exchange: 1, refresh: 1, call: 6 })
    expect(session.state).toEqual({ status: 'signedIn', user: { name: 'ming' } })
  })

  it('is replaced in storage', async () => {
    const { platform, session, call } = await signedIn()
    platform.expire()
    const token = await call()
    await session.launch()
    expect(platform.storage.get('wx-session')).toMatchObject({ tokens: { accessToken: token } })
  })

  it('leads to a sign-in when the refresh is rejected too', async () => {
    const { platform, call } = await signedIn()
    platform.revoke()
    await Promise.all([call('a'), call('b'), call('c')])
    expect(platform.counts).toMatchObject({ login: 2, exchange: 2, refresh: 1, call: 6 })
  })

  it('leads to a sign-in when there is no refresh', async () => {
    const { platform, call } = await signedIn(new FakePlatform(), { refresh: undefined })
    platform.expire()
    await Promise.all([call(), call()])
    expect(platform.counts).toMatchObject({ login: 2, exchange: 2, refresh: 0 })
  })

  it('that arrives after the session has become unbound rejects the call', async () => {
    const { platform, call } = await signedIn()
    platform.delayed.add('call')
    const slowCall = call('slow').then(() => null, notSignedIn)
    await settle()
    const slowRequest = platform.take('call')
    platform.delayed.clear()
    platform.revoke()
    platform.boundTo = null
    await call('quick').catch(() => undefined)
    slowRequest.reply()
    expect((await slowCall)?.state.status).toBe('unbound')
    expect(platform.counts).toMatchObject({ login: 2, refresh: 1 })
  })

  it('that was renewed meanwhile only needs a replay', async () => {
    const { platform, call } = await signedIn()
    platform.delayed.add('call')
    const slowCall = call('slow')
    await settle()
    const slowRequest = platform.take('call')
    platform.delayed.clear()
    platform.expire()
    const token = await call('quick')
    slowRequest.reply()
    expect(await slowCall).toBe(token)
    expect(platform.counts.refresh).toBe(1)
  })

  it('that is rejected again after the renewal is the error of the call, without a third try', async () => {
    const { platform, session, call } = await signedIn()
    platform.failures.call = () => serverError('unauthenticated', 'UNAUTHORIZED')
    await expect(call()).rejects.toMatchObject({ data: { reason: 'unauthenticated' } })
    expect(platform.counts).toMatchObject({ refresh: 1, call: 2 })
    expect(session.state.status).toBe('signedIn')
  })

  it('is renewed for a call of a listener, also where the server rejects it at once', async () => {
    const { platform, session } = createFixture()
    const tokens: string[] = []
    const calls: Promise<string>[] = []
    session.on('signedIn', () => {
      calls.push(
        session.authorized((token) => {
          if (tokens.push(token) === 1) throw serverError('unauthenticated')
          return Promise.resolve(token)
        }),
      )
    })
    await session.launch()
    expect(await Promise.all(calls)).toEqual([platform.newest()])
    expect(platform.counts).toMatchObject({ login: 1, refresh: 1 })
  })

  it('is renewed by methods of a class', async () => {
    const platform = new FakePlatform()
    class Backend {
      // A private field is on the object itself only, not on one that inherits from it.
      #phone = platform
      wx = platform.wx
      exchange(code: string) {
        return this.send(() => this.#phone.exchange(code))
      }
      refresh(token: string) {
        return this.send(() => this.#phone.refresh(token))
      }
      isUnauthenticated(failure: unknown) {
        return this.isRefusal(failure)
      }
      isUser(user: unknown) {
        return !this.isRefusal(user)
      }
      now() {
        return this.isRefusal(null) ? 0 : this.#phone.time
      }
      private isRefusal(failure: unknown) {
        return failure === 'refused'
      }
      private send<T>(run: () => Promise<T>) {
        return run()
      }
    }
    await createSession<User>(new Backend()).launch()
    const session = createSession<User>(new Backend())
    expect((await session.launch()).status).toBe('signedIn')
    const tokens: string[] = []
    const call = session.authorized(async (token) => {
      if (tokens.push(token) === 1) throw 'refused'
      return token
    })
    expect(await call).toBe(platform.newest())
    expect(platform.counts).toMatchObject({ login: 1, refresh: 1 })
  })

  it('is recognised by the code alone, or by isUnauthenticated', async () => {
    const byCode = await signedIn()
    const rejections = [serverError(null, 'UNAUTHORIZED')]
    byCode.platform.failures.call = () => rejections.pop()
    await byCode.call()
    expect(byCode.platform.counts.refresh).toBe(1)

    const byOption = await signedIn(new FakePlatform(), {
      isUnauthenticated: (error) => error instanceof Error && error.message.endsWith('odd'),
    })
    const odd = [serverError('odd')]
    byOption.platform.failures.call = () => odd.pop()
    await byOption.call()
    expect(byOption.platform.counts.refresh).toBe(1)
  })
})

describe('an error that does not reject the token', () => {
  it.each([
    ['a wrong password', serverError('credential_rejected', 'UNAUTHORIZED')],
    ['a missing right', serverError('forbidden', 'FORBIDDEN')],
    ['a lost reply', networkError()],
  ])('such as %s is passed on and renews nothing', async (_what, error) => {
    const { platform, call } = await signedIn()
    platform.failures.call = () => error
    await expect(call()).rejects.toBe(error)
    expect(platform.counts).toMatchObject({ refresh: 0, call: 1 })
  })
})

describe('a renewal that fails', () => {
  it('because a reply is lost rejects the calls and keeps the sign-in', async () => {
    const { platform, session, call } = await signedIn()
    const stored = structuredClone(platform.storage.get('wx-session'))
    platform.expire()
    platform.delayed.add('refresh')
    const calls = [call(), call()].map((sent) => sent.catch((error) => error.message))
    await settle()
    platform.take('refresh').loseRequest()
    expect(await Promise.all(calls)).toEqual(['request:fail', 'request:fail'])
    expect(session.state.status).toBe('signedIn')
    expect(platform.storage.get('wx-session')).toEqual(stored)
    platform.delayed.clear()
    expect(await call()).toMatch(/access/)
    expect(platform.counts).toMatchObject({ login: 1, refresh: 2 })
  })

  it('because the sign-in gets no reply rejects the calls and keeps the sign-in', async () => {
    const { platform, session, call } = await signedIn()
    platform.revoke()
    platform.failures.exchange = networkError
    await expect(call()).rejects.toThrow('request:fail')
    expect(session.state.status).toBe('signedIn')
    platform.failures = {}
    expect(await call()).toMatch(/access/)
  })

  it('because the identity was unbound ends as unbound', async () => {
    const { platform, session, call } = await signedIn()
    platform.revoke()
    platform.boundTo = null
    const error = await call().then(() => null, notSignedIn)
    expect(error?.state.status).toBe('unbound')
    expect(session.state.status).toBe('unbound')
    // Written a moment later.
    await settle()
    expect(platform.storage.size).toBe(0)
  })
})

describe('calls that bypass the session', () => {
  it('are those with a public context: they do not wait and have no token', async () => {
    const { platform, session, call } = createFixture()
    platform.delayed.add('login')
    const launch = session.launch()
    await settle()
    expect(await call('public', { context: { public: true } })).toBe('public')
    platform.delayed.clear()
    await settle()
    platform.take('login').reply()
    await launch
    await call('public', { context: { public: true } })
    expect(platform.sent).toEqual([
      { path: 'public', token: undefined },
      { path: 'public', token: undefined },
    ])
  })

  it('are those that exchange and refresh start before their first await', async () => {
    const platform = new FakePlatform()
    const looped = createFixture(platform, {
      exchange: async (code) => {
        await looped.call('public.exchange')
        return platform.exchange(code)
      },
      refresh: async (token) => {
        await looped.call('public.refresh')
        return platform.refresh(token)
      },
    })
    await looped.session.launch()
    platform.expire()
    await looped.call()
    const access = expect.stringMatching(/^access\d+$/)
    expect(platform.sent).toEqual([
      { path: 'public.exchange', token: undefined },
      { path: 'me', token: access },
      { path: 'public.refresh', token: undefined },
      { path: 'me', token: access },
    ])
  })
})

describe('renewed tokens', () => {
  const day = 86_400_000
  const launchWith = async (renewed: Tokens, kept: Partial<Tokens> = {}) => {
    const platform = new FakePlatform()
    const { session, call } = createFixture(platform, { refresh: async () => renewed })
    const user = { name: 'ming' }
    await session.accept({ tokens: { ...platform.newTokens(user), ...kept }, user })
    platform.expire()
    await call().catch(() => undefined)
    // Written a moment later.
    await settle()
    return platform
  }
  const tokensOf = ({ storage }: FakePlatform) =>
    (storage.get('wx-session') as { tokens: Tokens }).tokens

  it.each([undefined, null])(
    'without a new refresh token (%s) keep the former one, and its time',
    async (refreshToken) => {
      const kept = { refreshToken: 'r1', refreshTokenExpiresAt: '2998-01-01T00:00:00.000Z' }
      const platform = await launchWith({ accessToken: 'a2', refreshToken }, kept)
      expect(tokensOf(platform)).toMatchObject({ accessToken: 'a2', ...kept })
    },
  )

  it('without times have none: the former ones do not count for them', async () => {
    const refreshTokenExpiresAt = Date.now() + day
    const platform = await launchWith(
      { accessToken: 'a2', refreshToken: 'r2' },
      { refreshTokenExpiresAt },
    )
    expect(tokensOf(platform)).toEqual({ accessToken: 'a2', refreshToken: 'r2' })
    platform.time += 2 * day
    expect((await createFixture(platform).session.launch()).status).toBe('signedIn')
    expect(platform.counts.login).toBe(0)
  })
})
