import { expect, onTestFinished, test, vi } from 'vitest'
import type { WechatOptions } from '../src/index.ts'
import { appId, failure, openPair } from './client.ts'
import { latch, type Play, reply } from './stand-in.ts'

const tokenPath = '/cgi-bin/stable_token'
const otherApp = 'wxotherapp0000001'
const start = 1_790_000_000_000

/** Hands out t1, t2, … and accepts those that are in `accepted`, all of them by default. */
function numbering(accepted?: Set<string>): Play {
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

async function open(play: Play, options: Partial<WechatOptions> = {}) {
  const apps = { [appId]: 's1', [otherApp]: 's2' }
  const { wechat, standIn } = await openPair(play, { apps, now: () => start, ...options })
  return {
    standIn,
    ask: () => wechat.getPhoneNumber(appId, { code: 'p', openid: 'o' }),
    askOther: () => wechat.getPhoneNumber(otherApp, { code: 'p', openid: 'other' }),
    renewals: () => standIn.asked.filter(({ path }) => path === tokenPath).length,
    tokensUsed: () => standIn.asked.flatMap(({ query }) => query['access_token'] ?? []),
  }
}

test('parallel calls share one request for a token', async () => {
  const { ask, renewals, tokensUsed } = await open(numbering())
  await Promise.all(Array.from({ length: 20 }, ask))
  expect(renewals()).toBe(1)
  expect(new Set(tokensUsed())).toEqual(new Set(['t1']))
})

test('each app has a token of its own', async () => {
  const { ask, askOther, renewals } = await open(numbering())
  await Promise.all([ask(), askOther()])
  await Promise.all([ask(), askOther()])
  expect(renewals()).toBe(2)
})

test('a token is kept until a minute before it expires', async () => {
  let elapsed = 0
  const { ask, standIn, renewals } = await open(numbering(), { now: () => start + elapsed })
  const fresh = standIn.play
  standIn.play = (asked, response) => {
    if (asked.path === tokenPath) return fresh(asked, response)
    return reply(response, { errcode: 40029 })
  }
  for (const seconds of [0, 7139]) {
    elapsed = seconds * 1000
    await failure(ask())
  }
  expect(renewals()).toBe(1)
  elapsed = 7140 * 1000
  await failure(ask())
  expect(renewals()).toBe(2)
})

test.each([40001, 40014, 42001])(
  'after errcode %i the token is renewed once and the call repeated once',
  async (errcode) => {
    const { ask, standIn, renewals, tokensUsed } = await open(numbering())
    const accepting = standIn.play
    standIn.play = (asked, response) => {
      if (asked.query['access_token'] === 't1') return reply(response, { errcode })
      return accepting(asked, response)
    }
    expect(await ask()).toMatchObject({ phoneNumber: '1' })
    expect(renewals()).toBe(2)
    expect(tokensUsed()).toEqual(['t1', 't2'])
  },
)

test('a token that is refused again after the renewal ends the call', async () => {
  const { ask, renewals, tokensUsed } = await open(numbering(new Set()))
  expect(await failure(ask())).toMatchObject({ kind: 'token_expired', errcode: 42001 })
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

test('a call whose token was replaced meanwhile takes the replacement', async () => {
  const { ask, standIn, renewals, tokensUsed } = await open(numbering(new Set(['t2'])))
  const playing = standIn.play
  const late = latch()
  let held = false
  standIn.play = async (asked, response) => {
    // The first phone request hears of the refusal only after the second has renewed the token.
    if (asked.path !== tokenPath && !held) {
      held = true
      await late.opened
    }
    playing(asked, response)
  }
  const slow = ask()
  while (standIn.asked.length < 2) await standIn.arrival()
  await ask()
  expect(renewals()).toBe(2)
  late.open()
  expect(await slow).toMatchObject({ phoneNumber: '1' })
  expect(renewals()).toBe(2)
  expect(tokensUsed()).toEqual(['t1', 't1', 't2', 't2'])
})

test('a failed renewal fails the calls that wait for it, and the next call asks again', async () => {
  const { ask, standIn, renewals } = await open(numbering())
  const playing = standIn.play
  standIn.play = (_asked, response) => reply(response, { errcode: -1 })
  const errors = await Promise.all([failure(ask()), failure(ask())])
  expect(errors.map(({ kind }) => kind)).toEqual(['busy', 'busy'])
  standIn.play = playing
  await ask()
  expect(renewals()).toBe(2)
})

test.each([40001, 40125])('errcode %i for a token speaks of the secret', async (errcode) => {
  const { ask, renewals } = await open((_asked, response) => reply(response, { errcode }))
  expect(await failure(ask())).toMatchObject({ kind: 'misconfigured', errcode })
  expect(renewals()).toBe(1)
})

test.each([
  ['no token', { expires_in: 7200 }],
  ['an empty token', { access_token: '', expires_in: 7200 }],
  ['no lifetime', { access_token: 't1' }],
])('a reply with %s makes no sense', async (_name, value) => {
  const { ask } = await open((_asked, response) => reply(response, value))
  expect(await failure(ask())).toMatchObject({ kind: 'unavailable' })
})

test('the total time-out covers the token and the number together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const playing = numbering()
  const handOut = latch()
  const { ask, standIn } = await open(
    async (asked, response) => {
      if (asked.path !== tokenPath) return
      await handOut.opened
      playing(asked, response)
    },
    { timeout: 3_000 },
  )
  const tokenAsked = standIn.arrival()
  const call = failure(ask())
  await tokenAsked
  vi.advanceTimersByTime(2_000)
  const numberAsked = standIn.arrival()
  handOut.open()
  await numberAsked
  vi.advanceTimersByTime(1_000)
  expect((await call).message).toContain('timeout')
  expect(standIn.asked).toHaveLength(2)
})

test('a caller whose time is up leaves the shared request to the others', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const accepted = new Set(['t2'])
  const playing = numbering(accepted)
  const handOut = latch()
  const { ask, standIn, renewals } = await open(playing, { timeout: 3_000 })
  standIn.play = async (asked, response) => {
    // The renewal after the refusal of t1 is the one that takes its time.
    if (asked.path === tokenPath && renewals() === 2) await handOut.opened
    if (asked.path === tokenPath && renewals() === 1) vi.advanceTimersByTime(2_000)
    playing(asked, response)
  }
  const first = failure(ask())
  while (renewals() < 2) await standIn.arrival()
  const second = ask()
  vi.advanceTimersByTime(1_000)
  expect((await first).message).toContain('timeout')
  handOut.open()
  expect(await second).toMatchObject({ phoneNumber: '1' })
  expect(renewals()).toBe(2)
})
