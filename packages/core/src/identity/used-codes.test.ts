import { describe, expect, it } from 'vitest'
import { createFakeWechat, createTestClock, failureOf, reasonOf } from '../../testing/index.ts'
import { Failure } from '../failure.ts'
import { askOnce } from './used-codes.ts'

const minute = 60_000
const ming = { appId: 'wx1', openid: 'openid of ming' }

function setUp() {
  const clock = createTestClock()
  const wechat = createFakeWechat(['wx1', 'wx2'])
  return { clock, wechat, gate: askOnce(wechat, clock.now) }
}

describe('a login code', () => {
  it('reaches WeChat once', async () => {
    const { wechat, gate } = setUp()
    const code = wechat.loginCode(ming)
    expect(await gate.exchangeCode('wx1', code)).toMatchObject({ openid: ming.openid })
    const failure = await failureOf(gate.exchangeCode('wx1', code))
    expect(failure.reason).toBe('code_used')
    expect(failure.message).toBe('code_used: seen here before')
    expect(wechat.requests.exchangeCode).toBe(1)
  })

  it('does not reach WeChat again where WeChat did not answer', async () => {
    const { wechat, gate } = setUp()
    const code = wechat.loginCode(ming)
    wechat.failNext('wechat_unavailable')
    expect(await reasonOf(gate.exchangeCode('wx1', code))).toBe('wechat_unavailable')
    expect(await reasonOf(gate.exchangeCode('wx1', code))).toBe('code_used')
  })

  it('stays unused after `app_unknown`, because WeChat was not asked', async () => {
    const { wechat, clock } = setUp()
    const code = wechat.loginCode(ming)
    let isConfigured = false
    const gate = askOnce(
      {
        ...wechat,
        exchangeCode: (appId, given) =>
          isConfigured
            ? wechat.exchangeCode(appId, given)
            : Promise.reject(new Failure('app_unknown')),
      },
      clock.now,
    )
    expect(await reasonOf(gate.exchangeCode('wx1', code))).toBe('app_unknown')
    isConfigured = true
    expect(await gate.exchangeCode('wx1', code)).toMatchObject({ openid: ming.openid })
  })

  it('counts as used after an error that is no Failure', async () => {
    const { wechat, clock } = setUp()
    const gate = askOnce(
      { ...wechat, exchangeCode: () => Promise.reject(new Error('app_unknown')) },
      clock.now,
    )
    await expect(gate.exchangeCode('wx1', 'code')).rejects.toThrow('app_unknown')
    expect(await reasonOf(gate.exchangeCode('wx1', 'code'))).toBe('code_used')
  })

  it('is identified by its app and its text', async () => {
    const { wechat, gate } = setUp()
    const code = wechat.loginCode(ming)
    expect(await reasonOf(gate.exchangeCode('wx2', code))).toBe('code_rejected')
    expect(await gate.exchangeCode('wx1', code)).toMatchObject({ openid: ming.openid })
  })

  it('is remembered for 10 minutes at least', async () => {
    const { wechat, gate, clock } = setUp()
    const code = wechat.loginCode(ming)
    await gate.exchangeCode('wx1', code)
    for (const ms of [5 * minute, 5 * minute - 1]) {
      clock.advance(ms)
      await gate.exchangeCode('wx1', wechat.loginCode(ming))
    }
    expect(await reasonOf(gate.exchangeCode('wx1', code))).toBe('code_used')
    expect(wechat.requests.exchangeCode).toBe(3)
  })

  it('is forgotten after 20 minutes, when WeChat itself refuses it', async () => {
    const { wechat, gate, clock } = setUp()
    const code = wechat.loginCode(ming)
    await gate.exchangeCode('wx1', code)
    for (let count = 0; count < 2; count++) {
      clock.advance(10 * minute)
      await gate.exchangeCode('wx1', wechat.loginCode(ming))
    }
    expect(await reasonOf(gate.exchangeCode('wx1', code))).toBe('code_used')
    expect(wechat.requests.exchangeCode).toBe(4)
  })
})

it('phone codes and session keys reach WeChat as they are', async () => {
  const { wechat, gate } = setUp()
  const code = wechat.phoneCode({ ...ming, phone: '13800000001' })
  expect(await gate.phoneNumber({ ...ming, code })).toBe('13800000001')
  expect(await reasonOf(gate.phoneNumber({ ...ming, code }))).toBe('phone_rejected')
  expect(await gate.resetSessionKey({ ...ming, sessionKey: 'key' })).toBe('key renewed')
})
