import { Failure } from '@mianmi/core'
import { WechatError, type WechatErrorKind } from '@mianmi/wechat'
import { describe, expect, it } from 'vitest'
import { createWechatGateway } from './wechat-gateway.ts'

type Client = Parameters<typeof createWechatGateway>[0]

const session = { openid: 'o', unionid: null, sessionKey: 'key' }
const numberOf = (countryCode: string) => ({
  phoneNumber: `+${countryCode}91234567`,
  purePhoneNumber: '91234567',
  countryCode,
})

/** A gateway over a client of which only the given methods answer. */
function gatewayOver(
  client: Partial<Record<keyof Client, (...args: never[]) => Promise<unknown>>>,
) {
  return createWechatGateway(client as unknown as Client)
}

const failing = (error: unknown) =>
  gatewayOver({
    code2Session: () => Promise.reject(error),
    getPhoneNumber: () => Promise.reject(error),
    resetUserSessionKey: () => Promise.reject(error),
  })

const verbs = {
  exchangeCode: (gateway: ReturnType<typeof gatewayOver>) => gateway.exchangeCode('wx1', 'c', 'n'),
  phoneNumber: (gateway: ReturnType<typeof gatewayOver>) =>
    gateway.phoneNumber({ appId: 'wx1', openid: 'o', code: 'p', network: 'n' }),
  resetSessionKey: (gateway: ReturnType<typeof gatewayOver>) =>
    gateway.resetSessionKey({ appId: 'wx1', openid: 'o', sessionKey: 'key' }),
}

describe('the gateway', () => {
  it('passes on each argument, and each answer', async () => {
    const calls: unknown[] = []
    const record =
      (answer: unknown) =>
      async (...args: unknown[]) => {
        calls.push(args)
        return answer
      }
    const gateway = gatewayOver({
      code2Session: record(session),
      getPhoneNumber: record(numberOf('86')),
      resetUserSessionKey: record({ openid: 'o', sessionKey: 'new key' }),
    })
    expect(await verbs.exchangeCode(gateway)).toEqual(session)
    expect(await verbs.phoneNumber(gateway)).toBe('91234567')
    expect(await verbs.resetSessionKey(gateway)).toBe('new key')
    expect(calls).toEqual([
      ['wx1', 'c'],
      ['wx1', { code: 'p', openid: 'o' }],
      ['wx1', { openid: 'o', sessionKey: 'key' }],
    ])
  })

  it.each([
    ['86', '91234567'],
    ['852', '+85291234567'],
    ['1', '+191234567'],
    ['8', '+891234567'],
    ['861', '+86191234567'],
  ])('writes a number with the country code %s as %s', async (countryCode, phone) => {
    const gateway = gatewayOver({ getPhoneNumber: async () => numberOf(countryCode) })
    expect(await verbs.phoneNumber(gateway)).toBe(phone)
  })

  it.each<[kind: WechatErrorKind, ofLogin: string, ofPhone: string]>([
    ['code_rejected', 'code_rejected', 'phone_rejected'],
    ['code_used', 'code_used', 'phone_rejected'],
    ['user_blocked', 'user_blocked', 'user_blocked'],
    ['rate_limited', 'wechat_rate_limited', 'wechat_rate_limited'],
    ['quota_exhausted', 'wechat_unavailable', 'wechat_unavailable'],
    ['busy', 'wechat_unavailable', 'wechat_unavailable'],
    ['unavailable', 'wechat_unavailable', 'wechat_unavailable'],
    ['misconfigured', 'wechat_misconfigured', 'wechat_misconfigured'],
    ['token_expired', 'wechat_misconfigured', 'wechat_misconfigured'],
    ['app_unknown', 'app_unknown', 'app_unknown'],
    ['data_rejected', 'data_rejected', 'data_rejected'],
    ['rejected', 'wechat_unavailable', 'phone_rejected'],
  ])('calls %s of a login %s, and of a phone number %s', async (kind, ofLogin, ofPhone) => {
    const error = new WechatError(kind, { errcode: 40_000 })
    const gateway = failing(error)
    for (const [verb, reason] of [
      ['exchangeCode', ofLogin],
      ['phoneNumber', ofPhone],
      ['resetSessionKey', ofLogin],
    ] as const) {
      const failure = await verbs[verb](gateway).catch((thrown: unknown) => thrown)
      expect(failure, verb).toBeInstanceOf(Failure)
      expect(failure, verb).toMatchObject({
        reason,
        message: `${reason}: ${error.message}`,
        retryAfter: error.retryAfter ?? undefined,
        cause: error,
      })
    }
  })

  it('passes on the seconds after which a retry makes sense', async () => {
    const gateway = failing(new WechatError('rate_limited', { retryAfter: 17 }))
    await expect(verbs.exchangeCode(gateway)).rejects.toMatchObject({ retryAfter: 17 })
  })

  it.each(['exchangeCode', 'phoneNumber', 'resetSessionKey'] as const)(
    'of %s throws an unexpected error as it is',
    async (verb) => {
      const error = new TypeError('a mistake')
      await expect(verbs[verb](failing(error))).rejects.toBe(error)
    },
  )
})
