import { describe, expect, it } from 'vitest'
import {
  createTestService,
  failureOf,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  signInTestUser,
  type TestService,
  testOrigin,
} from '../../testing/index.ts'
import { Failure, type Reason } from '../failure.ts'
import { limitRefusedCodes } from './refused-codes.ts'
import type { WechatGateway } from './wechat-gateway.ts'

const minute = 60_000
const second = 1_000
const ming = { appId: 'wx1', openid: 'openid of ming' }

let made = 0
const login = (
  { users }: TestService,
  { code = `made-up ${++made}`, address = testOrigin.address } = {},
) => users.miniLogin({ appId: 'wx1', code, origin: { ...testOrigin, address } })

/** The reasons of `count` made-up login codes that come at once. */
const guess = (service: TestService, count: number, address = testOrigin.address) =>
  Promise.all(Array.from({ length: count }, () => reasonOf(login(service, { address }))))

const times = (reasons: readonly string[], reason: Reason): number =>
  reasons.filter((each) => each === reason).length

describe('refused login codes', () => {
  it.each([
    ['one after the other', 1],
    ['at once', 100],
  ])('reach WeChat sixty times a minute from one network, where they come %s', async (_, step) => {
    const service = createTestService()
    const reasons: string[] = []
    while (reasons.length < 100) reasons.push(...(await guess(service, step)))
    expect(times(reasons, 'code_rejected')).toBe(60)
    expect(times(reasons, 'rate_limited')).toBe(40)
    expect(service.wechat.requests.exchangeCode).toBe(60)
    expect(await guess(service, 1, '203.0.113.8')).toEqual(['code_rejected'])
    service.clock.advance(minute)
    expect(await guess(service, 1)).toEqual(['code_rejected'])
  })

  it('are counted however WeChat refuses them', async () => {
    const service = createTestService({ policy: { rateLimitFactor: 0.05 } })
    for (const reason of ['code_used', 'user_blocked'] as const) {
      service.wechat.failNext(reason)
      expect(await guess(service, 1)).toEqual([reason])
    }
    expect(await guess(service, 2)).toEqual(['code_rejected', 'rate_limited'])
  })

  it('are no repeated ones, which do not reach WeChat; a code that did not reach it may be repeated', async () => {
    const service = createTestService({ policy: { rateLimitFactor: 0.05 } })
    const code = service.wechat.loginCode(ming)
    await login(service, { code })
    for (let count = 0; count < 9; count++)
      expect(await reasonOf(login(service, { code }))).toBe('code_used')
    expect(times(await guess(service, 9), 'code_rejected')).toBe(3)
    const late = service.wechat.loginCode(ming)
    expect(await reasonOf(login(service, { code: late }))).toBe('rate_limited')
    service.clock.advance(minute)
    expect(await login(service, { code: late })).toMatchObject({ status: 'unbound' })
  })

  it('are no others: those that WeChat accepts or cannot answer, and those of an unknown app', async () => {
    const service = createTestService({ policy: { rateLimitFactor: 0.05 } })
    for (const reason of ['wechat_unavailable', 'wechat_misconfigured'] as const) {
      service.wechat.failNext(reason)
      expect(await guess(service, 1)).toEqual([reason])
    }
    for (let count = 0; count < 9; count++) {
      await login(service, { code: service.wechat.loginCode(ming) })
      const origin = testOrigin
      const unknown = service.users.miniLogin({ appId: 'unknown', code: `${count}`, origin })
      expect(await reasonOf(unknown)).toBe('app_unknown')
      service.clock.advance(minute / 3)
    }
    expect(times(await guess(service, 9), 'code_rejected')).toBe(3)
  })

  it('are those of every call that takes a login code, and of phone codes', async () => {
    const service = createTestService({ policy: { rateLimitFactor: 0.1 } })
    const { actor } = await registerTestUser(service, { account: 'hong' })
    const { users } = service
    const code = () => `made-up ${++made}`
    const proof = () => ({ appId: 'wx1', code: code() })
    const account = { account: 'ming', password: 'correct horse' }
    const ticket = await issueTestTicket(service, { ...ming, openid: 'openid of fang' })
    const calls = [
      users.bind({ proof: proof(), credential: { type: 'phone', code: '1' }, origin: testOrigin }),
      users.register({ proof: proof(), ...account, origin: testOrigin }),
      users.deleteAccount(actor, code()),
      users.bindPhone(actor, code()),
      users.bind({
        proof: { ticket },
        credential: { type: 'phone', code: '2' },
        origin: testOrigin,
      }),
    ]
    expect(await Promise.all(calls.map(reasonOf))).toEqual([
      'code_rejected',
      'code_rejected',
      'code_rejected',
      'phone_rejected',
      'phone_rejected',
    ])
    expect(await guess(service, 2)).toEqual(['code_rejected', 'rate_limited'])
    expect(await reasonOf(users.deleteAccount(actor, code()))).toBe('rate_limited')
  })

  it('are counted for an IPv6 network, and ten times as many for its /48', async () => {
    const service = createTestService({ policy: { rateLimitFactor: 0.05 } })
    const from = (subnet: number, count: number) =>
      guess(service, count, `2001:db8:7:${subnet.toString(16)}::/64`)
    expect(times(await from(0, 5), 'code_rejected')).toBe(3)
    for (let subnet = 1; subnet < 15; subnet++) expect(await from(subnet, 2)).toHaveLength(2)
    expect(await from(99, 1)).toEqual(['rate_limited'])
    expect(await guess(service, 1, '2001:db8:8:1::/64')).toEqual(['code_rejected'])
    expect(service.wechat.requests.exchangeCode).toBe(31)
  })

  it('let one call pass every ten seconds when their limit is reached, so that an owner gets in once an attacker has stopped', async () => {
    const service = createTestService()
    await guess(service, 60)
    const owner = () => login(service, { code: service.wechat.loginCode(ming) })
    expect((await failureOf(owner())).retryAfter).toBe(10)
    service.clock.advance(10 * second - 1)
    expect((await failureOf(owner())).retryAfter).toBe(1)
    service.clock.advance(1)
    expect(await owner()).toMatchObject({ status: 'unbound' })
    expect(await guess(service, 1)).toEqual(['rate_limited'])
    service.clock.advance(10 * second)
    expect(await guess(service, 2)).toEqual(['code_rejected', 'rate_limited'])
    service.clock.advance(39 * second)
    expect(await guess(service, 1)).toEqual(['code_rejected'])
    expect((await failureOf(owner())).retryAfter).toBe(1)
  })

  it('are forgotten where the clock was ahead', async () => {
    const service = createTestService()
    service.clock.advance(60 * minute)
    expect(times(await guess(service, 61), 'rate_limited')).toBe(1)
    service.clock.advance(-60 * minute)
    expect(times(await guess(service, 61), 'rate_limited')).toBe(1)
  })
})

/** When every promise that can settle has settled. */
async function afterAllTurns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve()
}

/** A WeChat whose answers come when the test says so. */
function openSlowWechat(rateLimitFactor = 0.05) {
  const answers: ((refused: boolean) => void)[] = []
  const gateway = {
    exchangeCode: (_appId: string, code: string) =>
      new Promise((resolve, reject) =>
        answers.push((refused) =>
          refused ? reject(new Failure('code_rejected')) : resolve({ openid: code }),
        ),
      ),
  } as unknown as WechatGateway
  const { ports, clock } = createTestService({ policy: { rateLimitFactor } })
  const limited = limitRefusedCodes(gateway, ports)
  const ended: string[] = []
  const call = (code: string): void =>
    void limited.exchangeCode('wx1', code, testOrigin.address).then(
      () => ended.push(code),
      ({ reason }: Failure) => ended.push(`${code} ${reason}`),
    )
  const answer = async (refused: boolean): Promise<void> => {
    answers.shift()?.(refused)
    await afterAllTurns()
  }
  return { call, answer, answers, ended, clock }
}

describe('more calls of a network than may be refused', () => {
  it('wait for each other in their order, and none is refused where WeChat accepts all', async () => {
    const { call, answer, answers, ended } = openSlowWechat()
    const codes = Array.from({ length: 9 }, (_, index) => `code ${index}`)
    codes.forEach(call)
    expect(answers).toHaveLength(3)
    while (answers.length > 0) await answer(false)
    expect(ended).toEqual(codes)
  })

  it('run fewer at a time with each refusal', async () => {
    const { call, answer, answers } = openSlowWechat()
    for (let count = 0; count < 9; count++) call(`code ${count}`)
    await answer(true)
    expect(answers).toHaveLength(2)
    await answer(false)
    expect(answers).toHaveLength(2)
    await answer(true)
    await answer(true)
    expect(answers).toHaveLength(0)
  })

  it('are all refused at once when the limit is reached', async () => {
    const { call, answer, ended } = openSlowWechat()
    for (let count = 0; count < 20; count++) call(`code ${count}`)
    for (let count = 0; count < 3; count++) await answer(true)
    expect(times(ended.map((each) => each.slice(-12)) as Reason[], 'rate_limited')).toBe(17)
  })

  it('are counted from the answer of WeChat on, and not from the call', async () => {
    const { call, answer, ended, clock } = openSlowWechat()
    for (let count = 0; count < 3; count++) call(`code ${count}`)
    clock.advance(50 * second)
    for (let count = 0; count < 3; count++) await answer(true)
    clock.advance(minute - 1)
    call('early')
    await afterAllTurns()
    expect(ended.at(-1)).toBe('early rate_limited')
    clock.advance(1)
    call('late')
    await answer(false)
    expect(ended.at(-1)).toBe('late')
  })

  it('are refused where thirty times the limit waits', async () => {
    const { call, ended } = openSlowWechat()
    for (let count = 0; count < 34; count++) call(`code ${count}`)
    await afterAllTurns()
    expect(ended).toEqual(['code 33 overloaded'])
  })
})

describe('refused phone codes', () => {
  const wrong = () => ({ type: 'phone', code: `wrong ${++made}` }) as const

  it('reach WeChat ten times for a ticket, however many come at once, and the person still signs in', async () => {
    const service = createTestService()
    const ticket = await issueTestTicket(service, ming)
    const tryPhone = (proof = { ticket }) =>
      reasonOf(service.users.bind({ proof, credential: wrong(), origin: testOrigin }))
    const reasons = await Promise.all(Array.from({ length: 14 }, () => tryPhone()))
    expect(times(reasons, 'phone_rejected')).toBe(10)
    expect(times(reasons, 'rate_limited')).toBe(4)
    expect(service.wechat.requests.phoneNumber).toBe(10)
    const fresh = await issueTestTicket(service, ming)
    expect(await tryPhone({ ticket: fresh })).toBe('phone_rejected')
    const code = service.wechat.phoneCode({ ...ming, phone: '13800000001' })
    const credential = { type: 'phone', code } as const
    const bound = service.users.bind({ proof: { ticket: fresh }, credential, origin: testOrigin })
    expect(await bound).toMatchObject({ status: 'signedIn' })
  })

  it('reach WeChat ten times for a person who comes with login codes, and for a user who is signed in', async () => {
    const service = createTestService()
    const { actor } = await registerTestUser(service, { account: 'hong' })
    const byCode = () => {
      const proof = { appId: 'wx1', code: service.wechat.loginCode(ming) }
      return reasonOf(service.users.bind({ proof, credential: wrong(), origin: testOrigin }))
    }
    for (const call of [byCode, () => reasonOf(service.users.bindPhone(actor, wrong().code))]) {
      for (let count = 0; count < 10; count++) expect(await call()).toBe('phone_rejected')
      expect(await call()).toBe('rate_limited')
    }
  })

  it('of one session do not keep another session of the user from WeChat', async () => {
    const service = createTestService()
    const stolen = await registerTestUser(service, { account: 'hong' })
    const refuse = () => reasonOf(service.users.bindPhone(stolen.actor, wrong().code))
    for (let count = 0; count < 10; count++) expect(await refuse()).toBe('phone_rejected')
    expect(await refuse()).toBe('rate_limited')
    const owner = { appId: 'wx1', openid: 'openid of hong' }
    const { actor } = await signInTestUser(service, owner)
    const code = service.wechat.phoneCode({ ...owner, phone: '13800000001' })
    expect(await service.users.bindPhone(actor, code)).toMatchObject({ phone: '138****0001' })
  })

  it('are no others: those that WeChat accepts or cannot answer', async () => {
    const service = createTestService()
    const { actor } = await registerTestUser(service, { account: 'hong' })
    for (let count = 0; count < 12; count++) {
      service.wechat.failNext('wechat_unavailable')
      expect(await reasonOf(service.users.bindPhone(actor, 'code'))).toBe('wechat_unavailable')
      const { appId, openid } = { appId: 'wx1', openid: 'openid of hong' }
      const code = service.wechat.phoneCode({ appId, openid, phone: `1380000000${count % 9}` })
      await service.users.bindPhone(actor, code)
    }
  })

  it('are counted for the whole life of a ticket', async () => {
    const service = createTestService({ policy: { ticketTtl: 60 * minute } })
    const ticket = await issueTestTicket(service, ming)
    const tryPhone = () =>
      reasonOf(service.users.bind({ proof: { ticket }, credential: wrong(), origin: testOrigin }))
    for (let count = 0; count < 10; count++) expect(await tryPhone()).toBe('phone_rejected')
    service.clock.advance(59 * minute)
    expect(await tryPhone()).toBe('rate_limited')
  })
})
