import { describe, expect, it } from 'vitest'
import { createSession, type SessionReply, type SessionWx } from '../../src/index.ts'
import { createFixture, FakePlatform, serverError } from '../fixtures/fake-platform.ts'

/** Servers and gateways that answer with something else than what was asked for. */

interface Backend {
  login(): Partial<SessionReply> | undefined
  orders(token: string): Partial<SessionReply> | undefined
}

function createRestFixture({ login, orders }: Backend) {
  const { wx } = new FakePlatform()
  const urls: string[] = []
  const request: SessionWx['request'] = ({ url, header, success }) => {
    urls.push(url)
    const token = header?.['authorization']?.slice('Bearer '.length) ?? ''
    const reply = url === '/login' ? login() : orders(token)
    queueMicrotask(() => success(reply as SessionReply))
  }
  // As the README shows it.
  const session = createSession<unknown>({
    wx: Object.assign(wx, { request }),
    async exchange(code) {
      const { data } = await session.request({ url: '/login', method: 'POST', data: { code } })
      const { token, user } = data as { token: string; user: unknown }
      return { status: 'signedIn', tokens: { accessToken: token }, user }
    },
  })
  return { session, urls }
}

let serial = 0
const ok = () => {
  serial += 1
  return { statusCode: 200, data: { token: `t${serial}`, user: { id: 1 } }, header: {} }
}

describe('a login that is answered with', () => {
  it.each<[string, Partial<SessionReply> | undefined]>([
    ['an HTML page and the status 200', { statusCode: 200, data: '<!doctype html><p>portal' }],
    ['the status 204 and no body', { statusCode: 204, data: '' }],
    ['the status 204 and no data at all', { statusCode: 204 }],
    ['a redirect', { statusCode: 302, data: '', header: { Location: '/x' } }],
    ['the status 401 and no body', { statusCode: 401, data: '' }],
    ['null', { statusCode: 200, data: null }],
    ['no token', { statusCode: 200, data: { user: { id: 1 } } }],
    ['an empty token', { statusCode: 200, data: { token: '', user: { id: 1 } } }],
    ['a number as a token', { statusCode: 200, data: { token: 1, user: { id: 1 } } }],
    ['nothing', undefined],
  ])('%s ends offline, and the next sign-in succeeds', async (_what, reply) => {
    let isFirst = true
    const login = () => {
      const answer = isFirst ? reply : ok()
      isFirst = false
      return answer
    }
    const { session, urls } = createRestFixture({ login, orders: ok })
    expect(await session.launch()).toMatchObject({ status: 'offline' })
    expect(urls).toEqual(['/login'])
    expect((await session.signIn()).status).toBe('signedIn')
  })
})

describe('a call that is answered with 401', () => {
  it.each<[string, unknown]>([
    ['no body', ''],
    ['no data', undefined],
    ['an HTML page', '<!doctype html>'],
    ['a reason without content', { reason: null }],
  ])('and %s gets a new token once', async (_what, data) => {
    const tokens: string[] = []
    const orders = (token: string) => {
      tokens.push(token)
      return tokens.length === 1 ? { statusCode: 401, data } : { statusCode: 200, data: 'orders' }
    }
    const { session, urls } = createRestFixture({ login: ok, orders })
    await session.launch()
    expect((await session.request({ url: '/orders' })).data).toBe('orders')
    expect(new Set(tokens).size).toBe(2)
    expect(urls).toEqual(['/login', '/orders', '/login', '/orders'])
  })

  it('for each token is the reply of the call, and no storm', async () => {
    const orders = () => ({ statusCode: 401, data: '' })
    const { session, urls } = createRestFixture({ login: ok, orders })
    await session.launch()
    expect((await session.request({ url: '/orders' })).statusCode).toBe(401)
    expect(urls).toEqual(['/login', '/orders', '/login', '/orders'])
  })
})

describe('retryAfter', () => {
  const limited = (retryAfter: unknown) =>
    Object.assign(serverError('rate_limited'), { data: { reason: 'rate_limited', retryAfter } })

  async function loginsAfter(retryAfter: unknown, wait: number) {
    const platform = new FakePlatform()
    platform.failures = { exchange: () => limited(retryAfter) }
    const { session, call } = createFixture(platform)
    await session.launch()
    platform.time += wait
    await call().catch(() => undefined)
    return platform.counts.login
  }

  it('as text counts as the number', async () => {
    expect(await loginsAfter('60', 59_999)).toBe(1)
    expect(await loginsAfter('60', 60_000)).toBe(2)
  })

  it.each([Number.NaN, -5, 'soon', null, {}, [], '', true])(
    '%j does not stop the next call',
    async (retryAfter) => {
      expect(await loginsAfter(retryAfter, 1_000)).toBe(2)
    },
  )

  it.each([1e20, Number.POSITIVE_INFINITY])('%d still lets the person sign in', async (absurd) => {
    const platform = new FakePlatform()
    platform.failures = { exchange: () => limited(absurd) }
    const { session, call } = createFixture(platform)
    await session.launch()
    await expect(call()).rejects.toThrow('rate_limited')
    expect(platform.counts.login).toBe(1)
    platform.failures = {}
    expect((await session.signIn()).status).toBe('signedIn')
  })

  it('of a failed sign-in does not hold up the renewals of one that another context has made', async () => {
    const platform = new FakePlatform()
    platform.failures = { exchange: () => limited(3_600) }
    const { session, call } = createFixture(platform)
    await session.launch()
    platform.failures = {}
    const other = createFixture(platform)
    await other.session.launch()
    await other.session.signOut()
    await other.session.signIn()
    expect(await call()).toMatch(/^access/)
    platform.expire()
    platform.time += 1_000
    expect(await call()).toMatch(/^access/)
    expect(session.state.status).toBe('signedIn')
  })

  it('of a failed sign-in does not hold up the renewals after the person has bound an account', async () => {
    const platform = new FakePlatform()
    platform.failures = { exchange: () => serverError('user_blocked') }
    const { session, call } = createFixture(platform)
    await session.launch()
    platform.failures = {}
    const user = { name: 'bound' }
    await session.accept({ tokens: platform.newTokens(user), user })
    platform.expire()
    expect(await call()).toMatch(/^access/)
  })
})
