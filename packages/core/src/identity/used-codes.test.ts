import { describe, expect, it } from 'vitest'
import {
  createFakeWechat,
  createMemoryStore,
  createTestClock,
  failureOf,
  reasonOf,
} from '../../testing/index.ts'
import { Failure } from '../failure.ts'
import { claimEachCode, sendEachCodeOnce } from './used-codes.ts'

const minute = 60_000
const network = '203.0.113.7'
const ming = { appId: 'wx1', openid: 'openid of ming' }

function setUp() {
  const clock = createTestClock()
  const wechat = createFakeWechat(['wx1', 'wx2'])
  return { clock, wechat, gateway: sendEachCodeOnce(wechat, clock.now) }
}

describe('a login code', () => {
  it('reaches WeChat once', async () => {
    const { wechat, gateway } = setUp()
    const code = wechat.loginCode(ming)
    expect(await gateway.exchangeCode('wx1', code, network)).toMatchObject({ openid: ming.openid })
    const failure = await failureOf(gateway.exchangeCode('wx1', code, network))
    expect(failure.reason).toBe('code_used')
    expect(failure.message).toBe('code_used: seen here before')
    expect(wechat.requests.exchangeCode).toBe(1)
  })

  it('does not reach WeChat again where WeChat did not answer', async () => {
    const { wechat, gateway } = setUp()
    const code = wechat.loginCode(ming)
    wechat.failNext('wechat_unavailable')
    expect(await reasonOf(gateway.exchangeCode('wx1', code, network))).toBe('wechat_unavailable')
    expect(await reasonOf(gateway.exchangeCode('wx1', code, network))).toBe('code_used')
  })

  it.each(['app_unknown', 'rate_limited', 'overloaded'] as const)(
    'stays unused after `%s`, because WeChat was not asked',
    async (reason) => {
      const { wechat, clock } = setUp()
      const code = wechat.loginCode(ming)
      let isRefused = true
      const gateway = sendEachCodeOnce(
        {
          ...wechat,
          exchangeCode: (appId, given) =>
            isRefused
              ? Promise.reject(new Failure(reason))
              : wechat.exchangeCode(appId, given, network),
        },
        clock.now,
      )
      expect(await reasonOf(gateway.exchangeCode('wx1', code, network))).toBe(reason)
      isRefused = false
      expect(await gateway.exchangeCode('wx1', code, network)).toMatchObject({
        openid: ming.openid,
      })
    },
  )

  it('counts as used after an error that is no Failure', async () => {
    const { wechat, clock } = setUp()
    const gateway = sendEachCodeOnce(
      { ...wechat, exchangeCode: () => Promise.reject(new Error('app_unknown')) },
      clock.now,
    )
    await expect(gateway.exchangeCode('wx1', 'code', network)).rejects.toThrow('app_unknown')
    expect(await reasonOf(gateway.exchangeCode('wx1', 'code', network))).toBe('code_used')
  })

  it('is identified by its app and its text', async () => {
    const { wechat, gateway } = setUp()
    const code = wechat.loginCode(ming)
    expect(await reasonOf(gateway.exchangeCode('wx2', code, network))).toBe('code_rejected')
    expect(await gateway.exchangeCode('wx1', code, network)).toMatchObject({ openid: ming.openid })
  })

  it('is remembered for 10 minutes at least', async () => {
    const { wechat, gateway, clock } = setUp()
    const code = wechat.loginCode(ming)
    await gateway.exchangeCode('wx1', code, network)
    for (const ms of [5 * minute, 5 * minute - 1]) {
      clock.advance(ms)
      await gateway.exchangeCode('wx1', wechat.loginCode(ming), network)
    }
    expect(await reasonOf(gateway.exchangeCode('wx1', code, network))).toBe('code_used')
    expect(wechat.requests.exchangeCode).toBe(3)
  })

  it('is forgotten after 20 minutes, when WeChat itself refuses it', async () => {
    const { wechat, gateway, clock } = setUp()
    const code = wechat.loginCode(ming)
    await gateway.exchangeCode('wx1', code, network)
    for (let count = 0; count < 2; count++) {
      clock.advance(10 * minute)
      await gateway.exchangeCode('wx1', wechat.loginCode(ming), network)
    }
    expect(await reasonOf(gateway.exchangeCode('wx1', code, network))).toBe('code_used')
    expect(wechat.requests.exchangeCode).toBe(4)
  })
})

it('phone codes and session keys reach WeChat as they are', async () => {
  const { wechat, gateway } = setUp()
  const code = wechat.phoneCode({ ...ming, phone: '13800000001' })
  expect(await gateway.phoneNumber({ ...ming, code, network })).toBe('13800000001')
  expect(await reasonOf(gateway.phoneNumber({ ...ming, code, network }))).toBe('phone_rejected')
  expect(await gateway.resetSessionKey({ ...ming, sessionKey: 'key' })).toBe('key renewed')
})

describe('a login code that several processes get', () => {
  /** Two processes over one store, which ask one WeChat. */
  function setUpTwo() {
    const { codes } = createMemoryStore()
    const clock = createTestClock()
    const wechat = createFakeWechat(['wx1', 'wx2'])
    const ports = { codes, now: clock.now, appIds: ['wx1', 'wx2'] }
    const [one, two] = [claimEachCode(wechat, ports), claimEachCode(wechat, ports)]
    return { codes, wechat, ports, one, two }
  }

  it('reaches WeChat once', async () => {
    const { wechat, one, two } = setUpTwo()
    const code = wechat.loginCode(ming)
    const results = await Promise.allSettled(
      [one, two].map((gateway) => gateway.exchangeCode('wx1', code, network)),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ reason: 'code_used' })
    expect(wechat.requests.exchangeCode).toBe(1)
  })

  it.each(['app_unknown', 'rate_limited', 'overloaded'] as const)(
    'is given back after `%s`, because WeChat was not asked',
    async (reason) => {
      const { wechat, one, two } = setUpTwo()
      const code = wechat.loginCode(ming)
      wechat.failNext(reason)
      expect(await reasonOf(one.exchangeCode('wx1', code, network))).toBe(reason)
      expect(await two.exchangeCode('wx1', code, network)).toMatchObject({
        openid: ming.openid,
      })
    },
  )

  it('stays claimed where WeChat may have seen it', async () => {
    const { wechat, one, two } = setUpTwo()
    const code = wechat.loginCode(ming)
    wechat.failNext('wechat_unavailable')
    const failure = await reasonOf(one.exchangeCode('wx1', code, network))
    expect(failure).toBe('wechat_unavailable')
    expect(await reasonOf(two.exchangeCode('wx1', code, network))).toBe('code_used')
  })

  it('does not reach WeChat while the store is away', async () => {
    const { wechat, ports } = setUpTwo()
    const claim = () => Promise.reject(new Failure('overloaded'))
    const gateway = claimEachCode(wechat, { ...ports, codes: { ...ports.codes, claim } })
    expect(await reasonOf(gateway.exchangeCode('wx1', 'code', network))).toBe('overloaded')
    expect(wechat.requests.exchangeCode).toBe(0)
  })

  it('fails as WeChat has answered where it cannot be given back', async () => {
    const { wechat, ports } = setUpTwo()
    const release = () => Promise.reject(new Failure('internal'))
    const gateway = claimEachCode(wechat, { ...ports, codes: { ...ports.codes, release } })
    wechat.failNext('rate_limited')
    expect(await reasonOf(gateway.exchangeCode('wx1', 'code', network))).toBe('rate_limited')
  })

  it('is not claimed for an app that is not configured', async () => {
    const { codes, wechat, ports } = setUpTwo()
    const gateway = claimEachCode(wechat, ports)
    await reasonOf(gateway.exchangeCode('made up', 'code', network))
    expect(await codes.claim('made up code', 0)).toBe(true)
  })
})
