import { describe, expect, it } from 'vitest'
import { createSession, type Session, type SessionOptions, type SessionWx } from '../src/index.ts'
import { FakePlatform } from './fixtures/fake-platform.ts'

/** How often wx.login is called: WeChat allows twice the page views of a day. */

const refused = (reason: string) => ({ statusCode: 403, data: { reason } })
const busy = { statusCode: 503, data: '' }
const unauthenticated = { statusCode: 401, data: '' }

/** A session with one token whose exchange throws `failure`, and with a network that can go and return. */
function createPhone(options: Partial<SessionOptions<{ id: number }>> = {}) {
  const platform = new FakePlatform()
  const network: Parameters<NonNullable<SessionWx['onNetworkStatusChange']>>[0][] = []
  const wx: SessionWx = {
    ...platform.wx,
    onNetworkStatusChange: (listener) => network.push(listener),
  }
  const phone = {
    platform,
    failure: undefined as unknown,
    setNetwork: (isConnected: boolean) => {
      for (const listener of network) listener({ isConnected })
    },
    logins: () => platform.counts.login,
    session: null as unknown as Session<{ id: number }>,
    /** One call each second. */
    async poll(seconds: number, run: (token: string) => Promise<unknown> = async () => 1) {
      const before = platform.counts.login
      for (let second = 0; second < seconds; second += 1) {
        await phone.session.authorized(run).catch(() => undefined)
        platform.time += 1000
      }
      return platform.counts.login - before
    },
  }
  let tokens = 0
  phone.session = createSession<{ id: number }>({
    wx,
    now: () => platform.time,
    exchange: async () => {
      if (phone.failure) throw phone.failure
      tokens += 1
      return { status: 'signedIn', tokens: { accessToken: `t${tokens}` }, user: { id: 1 } }
    },
    ...options,
  })
  return phone
}

const reject = async () => {
  throw unauthenticated
}

describe('in an outage of the service, with a call each second', () => {
  it('wx.login is called 15 times in the first hour and 6 times in each later one', async () => {
    const phone = createPhone()
    phone.failure = busy
    await phone.session.launch()
    expect(await phone.poll(3600)).toBe(14)
    expect(await phone.poll(3600)).toBe(6)
  })

  it('the same of a session that is signed in, and its token has expired', async () => {
    const phone = createPhone()
    await phone.session.launch()
    phone.failure = busy
    expect(await phone.poll(3600, reject)).toBe(14)
    expect(await phone.poll(3600, reject)).toBe(6)
    expect(phone.session.state.status).toBe('signedIn')
  })

  it('the network that returns ends the pause at once, at most each minute', async () => {
    const phone = createPhone()
    phone.failure = { errMsg: 'request:fail' }
    await phone.session.launch()
    await phone.poll(1200)
    const before = phone.logins()
    phone.setNetwork(false)
    expect(await phone.poll(1)).toBe(0)
    phone.setNetwork(true)
    expect(await phone.poll(1)).toBe(1)
    for (let second = 0; second < 59; second += 1) {
      phone.setNetwork(true)
      await phone.poll(1)
    }
    expect(phone.logins() - before).toBe(1)
    phone.failure = undefined
    phone.setNetwork(true)
    expect(await phone.session.authorized(async (token) => token)).toBe('t1')
  })

  it('the network that returns does not end what the server has asked for', async () => {
    const phone = createPhone()
    phone.failure = { ...busy, header: { 'Retry-After': '60' } }
    await phone.session.launch()
    phone.setNetwork(true)
    expect(await phone.poll(60)).toBe(0)
    expect(await phone.poll(1)).toBe(1)
  })
})

describe('what the server has asked for stays when a tap fails without a network:', () => {
  it.each([
    ['a final refusal', refused('user_blocked'), 86_400],
    ['a Retry-After', { ...busy, header: { 'retry-after': '100' } }, 100],
  ])('%s', async (_what, failure, seconds) => {
    const phone = createPhone()
    phone.failure = failure
    await phone.session.launch()
    phone.platform.time += 1000
    phone.failure = { errMsg: 'request:fail' }
    await phone.session.signIn()
    expect(phone.logins()).toBe(2)
    phone.platform.time += (seconds - 2) * 1000
    expect(await phone.poll(1)).toBe(0)
    phone.failure = undefined
    expect((await phone.session.signIn()).status).toBe('signedIn')
  })

  it('the same of a session that is signed in', async () => {
    const phone = createPhone()
    await phone.session.launch()
    phone.failure = refused('user_blocked')
    expect(await phone.poll(3600, reject)).toBe(1)
    phone.failure = { errMsg: 'request:fail' }
    expect((await phone.session.signIn()).status).toBe('signedIn')
    expect(await phone.poll(3600, reject)).toBe(0)
    phone.failure = undefined
    await phone.session.signIn()
    expect(await phone.poll(1)).toBe(0)
    expect(await phone.session.authorized(async (token) => token)).toBe('t2')
  })

  it('and a clock that is set back does not end a final refusal', async () => {
    const phone = createPhone()
    phone.failure = refused('user_blocked')
    await phone.session.launch()
    phone.platform.time -= 86_400_000
    expect(await phone.poll(10)).toBe(0)
  })
})

describe('an endpoint that always answers 401', () => {
  it('is a reason for two sign-ins, then for ever fewer', async () => {
    const phone = createPhone()
    await phone.session.launch()
    expect(await phone.poll(65, reject)).toBe(2)
    expect(await phone.poll(3600 - 65, reject)).toBe(8)
    expect(await phone.poll(3600, reject)).toBe(6)
    expect(await phone.session.authorized(async (token) => token)).toMatch(/^t/)
  })
})

it('without a tap wx.login is called at most 60 times in an hour, whatever the server does', async () => {
  const phone = createPhone()
  await phone.session.launch()
  // Two phones of which each sign-in ends the other's: each new token is good, once.
  const used = new Set<string>()
  const once = async (token: string) => {
    if (used.has(token)) throw unauthenticated
    used.add(token)
  }
  expect(await phone.poll(3600, once)).toBeLessThanOrEqual(60)
  expect(phone.session.state.status).toBe('signedIn')
  phone.platform.time += 600_000
  await phone.session.authorized(once)
})

it('a tap signs in where the limit without a tap is reached', async () => {
  const phone = createPhone()
  await phone.session.launch()
  phone.failure = { statusCode: 400, data: { reason: 'code_used' } }
  await phone.poll(20, reject)
  expect(phone.logins()).toBe(10)
  phone.failure = undefined
  await phone.session.signIn()
  expect(phone.logins()).toBe(11)
  expect(await phone.session.authorized(async (token) => token)).toBe('t2')
})
