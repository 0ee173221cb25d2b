import { expect, onTestFinished, test, vi } from 'vitest'
import type { WechatOptions } from '../src/index.ts'
import { latch, type RequestHandler, reply } from './fake-wechat.ts'
import { appId, openClientAndServer, rejectionOf } from './test-client.ts'

const tokenPath = '/cgi-bin/stable_token'
const otherApp = 'wxotherapp0000001'
const start = 1_790_000_000_000

/** Answers token requests with t1, t2, … and accepts the tokens in `accepted`, by default all. */
function numbering(accepted?: Set<string>): RequestHandler {
  let count = 0
  return ({ path, query, body }, response) => {
    if (path === tokenPath) {
      count += 1
      return reply(response, { access_token: `t${count}`, expires_in: 7200 })
    }
    const token = query['access_token'] ?? ''
    if (accepted !== undefined && !accepted.has(token)) {
      return reply(response, { errcode: 42001, errmsg: 'access_token expired' })
    }
    const appid = JSON.parse(body).openid === 'other' ? otherApp : appId
    const watermark = { timestamp: start / 1000, appid }
    const number = { phoneNumber: '1', purePhoneNumber: '1', countryCode: 86, watermark }
    return reply(response, { errcode: 0, phone_info: number })
  }
}

async function open(handler: RequestHandler, options: Partial<WechatOptions> = {}) {
  const apps = { [appId]: 's1', [otherApp]: 's2' }
  const { wechat, server } = await openClientAndServer(handler, {
    apps,
    now: () => start,
    ...options,
  })
  return {
    server,
    checkApp: () => wechat.checkApp(appId),
    ask: () => wechat.getPhoneNumber(appId, { code: 'p', openid: 'o' }),
    askOther: () => wechat.getPhoneNumber(otherApp, { code: 'p', openid: 'other' }),
    renewals: () => server.requests.filter(({ path }) => path === tokenPath).length,
    tokensUsed: () => server.requests.flatMap(({ query }) => query['access_token'] ?? []),
  }
}

test('parallel calls share one request for a token', async () => {
  const { ask, renewals, tokensUsed } = await open(numbering())
  await Promise.all(Array.from({ length: 20 }, ask))
  expect(renewals()).toBe(1)
  expect(new Set(tokensUsed())).toEqual(new Set(['t1']))
})

test('each app has its own token', async () => {
  const { ask, askOther, renewals } = await open(numbering())
  await Promise.all([ask(), askOther()])
  await Promise.all([ask(), askOther()])
  expect(renewals()).toBe(2)
})

test('a token that was requested while the clock was ahead is requested again', async () => {
  let elapsed = 0
  const { ask, renewals } = await open(numbering(), { now: () => start + elapsed })
  await ask()
  elapsed = -1
  await ask()
  await ask()
  expect(renewals()).toBe(2)
})

test('a token is cached until a minute before it expires', async () => {
  let elapsed = 0
  const { ask, server, renewals } = await open(numbering(), { now: () => start + elapsed })
  const fresh = server.handler
  server.handler = (request, response) => {
    if (request.path === tokenPath) return fresh(request, response)
    return reply(response, { errcode: 40029 })
  }
  for (const seconds of [0, 7139]) {
    elapsed = seconds * 1000
    await rejectionOf(ask())
  }
  expect(renewals()).toBe(1)
  elapsed = 7140 * 1000
  await rejectionOf(ask())
  expect(renewals()).toBe(2)
})

test.each([40001, 40014, 42001])(
  'after errcode %i the token is renewed once and the call repeated once',
  async (errcode) => {
    const { ask, server, renewals, tokensUsed } = await open(numbering())
    const accepting = server.handler
    server.handler = (request, response) => {
      if (request.query['access_token'] === 't1') return reply(response, { errcode })
      return accepting(request, response)
    }
    expect(await ask()).toMatchObject({ phoneNumber: '1' })
    expect(renewals()).toBe(2)
    expect(tokensUsed()).toEqual(['t1', 't2'])
  },
)

test('a second refused token rejects the call', async () => {
  const { ask, renewals, tokensUsed } = await open(numbering(new Set()))
  expect(await rejectionOf(ask())).toMatchObject({ kind: 'token_expired', errcode: 42001 })
  expect(renewals()).toBe(2)
  expect(tokensUsed()).toEqual(['t1', 't2'])
})

test('parallel calls with the same refused token renew it once', async () => {
  const accepted = new Set(['t1'])
  const { ask, renewals } = await open(numbering(accepted))
  await ask()
  accepted.clear()
  accepted.add('t2')
  await Promise.all(Array.from({ length: 10 }, ask))
  expect(renewals()).toBe(2)
})

test('a call whose token was replaced in the meantime uses the replacement', async () => {
  const { ask, server, renewals, tokensUsed } = await open(numbering(new Set(['t2'])))
  const playing = server.handler
  const late = latch()
  let held = false
  server.handler = async (request, response) => {
    // The first phone request gets its refusal only after the second has renewed the token.
    if (request.path !== tokenPath && !held) {
      held = true
      await late.opened
    }
    playing(request, response)
  }
  const slow = ask()
  while (server.requests.length < 2) await server.nextRequest()
  await ask()
  expect(renewals()).toBe(2)
  late.open()
  expect(await slow).toMatchObject({ phoneNumber: '1' })
  expect(renewals()).toBe(2)
  expect(tokensUsed()).toEqual(['t1', 't1', 't2', 't2'])
})

test('a failed renewal rejects the calls that wait for it, and the next call tries again', async () => {
  const { ask, server, renewals } = await open(numbering())
  const playing = server.handler
  server.handler = (_request, response) => reply(response, { errcode: -1 })
  const errors = await Promise.all([rejectionOf(ask()), rejectionOf(ask())])
  expect(errors.map(({ kind }) => kind)).toEqual(['busy', 'busy'])
  server.handler = playing
  await ask()
  expect(renewals()).toBe(2)
})

test.each([40001, 40125])(
  'errcode %i in reply to a token request means that the secret is wrong',
  async (errcode) => {
    const { ask, renewals } = await open((_request, response) => reply(response, { errcode }))
    expect(await rejectionOf(ask())).toMatchObject({ kind: 'misconfigured', errcode })
    expect(renewals()).toBe(1)
  },
)

test.each([
  ['no token', { expires_in: 7200 }],
  ['an empty token', { access_token: '', expires_in: 7200 }],
  ['a token of 4,097 characters', { access_token: 't'.repeat(4_097), expires_in: 7200 }],
  ['no lifetime', { access_token: 't1' }],
  ['a lifetime of zero', { access_token: 't1', expires_in: 0 }],
  ['a fractional lifetime', { access_token: 't1', expires_in: 7200.5 }],
])('a reply with %s is unavailable', async (_name, value) => {
  const { checkApp } = await open((_request, response) => reply(response, value))
  expect(await rejectionOf(checkApp())).toMatchObject({ kind: 'unavailable' })
})

test('a token of 4,096 characters is accepted', async () => {
  const longest = { access_token: 't'.repeat(4_096), expires_in: 1 }
  const { checkApp } = await open((_request, response) => reply(response, longest))
  expect(await checkApp()).toBeUndefined()
})

test('the timeout covers the token request and the call together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const playing = numbering()
  const handOut = latch()
  const { ask, server } = await open(
    async (request, response) => {
      if (request.path !== tokenPath) return
      await handOut.opened
      playing(request, response)
    },
    { timeout: 3_000 },
  )
  const tokenAsked = server.nextRequest()
  const call = rejectionOf(ask())
  await tokenAsked
  vi.advanceTimersByTime(2_000)
  const numberAsked = server.nextRequest()
  handOut.open()
  await numberAsked
  vi.advanceTimersByTime(1_000)
  expect((await call).message).toContain('timeout')
  expect(server.requests).toHaveLength(2)
})

test('a caller that times out does not abort the shared token request', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const accepted = new Set(['t2'])
  const playing = numbering(accepted)
  const handOut = latch()
  const { ask, server, renewals } = await open(playing, { timeout: 3_000 })
  server.handler = async (request, response) => {
    // The renewal after the refusal of t1 is the slow one.
    if (request.path === tokenPath && renewals() === 2) await handOut.opened
    if (request.path === tokenPath && renewals() === 1) vi.advanceTimersByTime(2_000)
    playing(request, response)
  }
  const first = rejectionOf(ask())
  while (renewals() < 2) await server.nextRequest()
  const second = ask()
  vi.advanceTimersByTime(1_000)
  expect((await first).message).toContain('timeout')
  handOut.open()
  expect(await second).toMatchObject({ phoneNumber: '1' })
  expect(renewals()).toBe(2)
})
