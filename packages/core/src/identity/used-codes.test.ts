import { describe, expect, it } from 'vitest'
import { createFakeWechat, createTestClock, failureOf, reasonOf } from '../../testing/index.ts'
import { Failure } from '../failure.ts'
import { sendEachCodeOnce } from './used-codes.ts'

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
