import { describe, expect, it } from 'vitest'
import { createTestService, failureOf } from '../../testing/index.ts'
import { spend, spendAll, useOf, usesFrom } from './limits.ts'

const minute = 60_000

describe('the limits', () => {
  it.each([
    ['wrong password for account', 10, 15 * minute, 0],
    ['wrong password from address', 100, 15 * minute, 0],
    ['login of openid', 60, minute, 3],
    ['refused code from network', 60, minute, 0],
    ['wrong password in session', 10, 15 * minute, 0],
    ['wrong password of user in app', 100, 15 * minute, 0],
    ['refused phone code', 10, 15 * minute, 0],
    ['account name tried', 20, 60 * minute, 0],
    ['account name tried with codes', 5, 5 * minute, 0],
    ['wrong code of administrator', 5, 15 * minute, 0],
    ['new avatar of user', 20, 60 * minute, 0],
    ['avatar tried by user', 600, 60 * minute, 0],
  ] as const)(
    'of %s are %i in %i ms, with %i uses unwritten',
    (name, limit, windowMs, unwritten) => {
      const { ports, clock } = createTestService()
      expect(useOf(ports, name, 'ming')).toEqual({
        key: `${name} ming`,
        limit,
        windowMs,
        unwritten,
        now: clock.now(),
      })
    },
  )

  it.each([
    [3, 180, 9],
    [0.5, 30, 1],
    [0.99, 59, 2],
    [0.001, 1, 0],
  ])(
    'are multiplied by the factor %d, and are one at least',
    (rateLimitFactor, limit, unwritten) => {
      const { ports } = createTestService({ policy: { rateLimitFactor } })
      expect(useOf(ports, 'login of openid', 'ming')).toMatchObject({ limit, unwritten })
    },
  )

  it('are refused with the seconds until the window ends, rounded up', async () => {
    const { ports, clock } = createTestService({ policy: { rateLimitFactor: 0.1 } })
    const spendOne = () => spend(ports, 'wrong password for account', 'ming')
    await spendOne()
    const retryAfter = async () => (await failureOf(spendOne())).retryAfter
    expect(await retryAfter()).toBe(900)
    clock.advance(1)
    expect(await retryAfter()).toBe(900)
    clock.advance(15 * minute - 1_001)
    expect(await retryAfter()).toBe(1)
    clock.advance(999)
    expect(await retryAfter()).toBe(1)
    clock.advance(1)
    await spendOne()
  })

  it('are refused with the seconds until the last of several windows ends', async () => {
    const { ports, clock } = createTestService({ policy: { rateLimitFactor: 0.1 } })
    const account = () => useOf(ports, 'wrong password for account', 'ming')
    const network = () => useOf(ports, 'login of openid', 'ming')
    for (let count = 0; count < 6; count++) await spendAll(ports, [network()])
    clock.advance(1_000)
    await spendAll(ports, [account()])
    const { retryAfter } = await failureOf(spendAll(ports, [network(), account()]))
    expect(retryAfter).toBe(900)
  })

  it('of a network are one of IPv4, and two of IPv6', () => {
    const { ports } = createTestService()
    const keys = (network: string) =>
      usesFrom(ports, 'refused code from network', network).map(({ key, limit }) => [key, limit])
    expect(keys('203.0.113.7')).toEqual([['refused code from network 203.0.113.7', 60]])
    expect(keys('unknown')).toEqual([['refused code from network unknown', 60]])
    expect(keys('2001:db8:0:1::/64')).toEqual([
      ['refused code from network 2001:db8:0:1::/64', 60],
      ['refused code from network 2001:db8:0::/48', 600],
    ])
  })
})
