import { describe, expect, it } from 'vitest'
import {
  createTestService,
  giveTestPhone,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  type TestService,
  testOrigin,
  testPassword,
  type WechatUser,
} from '../../testing/index.ts'
import type { Proof } from './proof.ts'

const minute = 60_000
const phone = '13800000001'
const ming: WechatUser = { appId: 'wx1', openid: 'openid of ming' }

const bindBy = ({ users }: TestService, proof: Proof, code: string) =>
  users.bind({ proof, credential: { type: 'phone', code }, origin: testOrigin })

/** Binds a WeChat user by a ticket and the number that WeChat vouches for. */
async function bindPhone(service: TestService, user = ming, number = phone) {
  const proof = { ticket: await issueTestTicket(service, user) }
  const code = service.wechat.phoneCode({ ...user, phone: number })
  return { proof, code, result: await bindBy(service, proof, code) }
}

describe('bind by phone number', () => {
  it('makes a user with a number that no user has', async () => {
    const service = createTestService()
    const { proof, code, result } = await bindPhone(service)
    expect(result).toMatchObject({
      status: 'signedIn',
      newUser: true,
      user: { account: null, phone: '138****0001', createdAt: service.clock.now() },
      identity: ming,
    })
    expect(await service.store.people.phoneOf(result.user.id)).toBe(phone)
    expect(service.events.at(-1)).toMatchObject({
      action: 'bind',
      outcome: 'ok',
      userId: result.user.id,
      appId: 'wx1',
      newUser: true,
    })
    const hash = service.ports.tokens.hashTicket(proof.ticket)
    expect(service.store.state.tickets.get(hash)?.used).toEqual({
      at: service.clock.now(),
      userId: result.user.id,
      proof: service.ports.tokens.hashTicket(code),
    })
  })

  it('binds the user of a number in another app', async () => {
    const service = createTestService()
    const { result: first } = await bindPhone(service)
    const { result: second } = await bindPhone(service, { ...ming, appId: 'wx2' })
    expect(second).toMatchObject({ newUser: false, user: { id: first.user.id } })
  })

  it('binds by a login code as well', async () => {
    const service = createTestService()
    const proof = { appId: 'wx1', code: service.wechat.loginCode(ming) }
    const code = service.wechat.phoneCode({ ...ming, phone })
    expect(await bindBy(service, proof, code)).toMatchObject({ newUser: true })
  })

  it('counts no try of the ticket and no wrong password', async () => {
    const service = createTestService()
    const { proof } = await bindPhone(service)
    const hash = service.ports.tokens.hashTicket(proof.ticket)
    expect(service.store.state.tickets.get(hash)?.tries).toBe(0)
    expect(service.usesOf(`wrong password from address ${testOrigin.address}`)).toBe(0)
  })

  it('refuses a number whose user has a password', async () => {
    const service = createTestService()
    const { signedIn } = await registerTestUser(service, { account: 'hong' })
    giveTestPhone(service, signedIn.user.id, phone)
    expect(await reasonOf(bindPhone(service, { ...ming, appId: 'wx2' }))).toBe('phone_rejected')
  })

  it('refuses a number whose user has another identity in the app', async () => {
    const service = createTestService()
    await bindPhone(service)
    expect(await reasonOf(bindPhone(service, { ...ming, openid: 'another' }))).toBe(
      'phone_rejected',
    )
    expect(service.store.state.users.size).toBe(1)
  })

  it('refuses a disabled user of a number, and an identity of another user', async () => {
    const service = createTestService()
    const { result } = await bindPhone(service)
    const hong = await registerTestUser(service, { account: 'hong', appId: 'wx2' })
    const proof = { appId: 'wx2', code: service.wechat.loginCode(hong.user) }
    const code = service.wechat.phoneCode({ ...hong.user, phone })
    expect(await reasonOf(bindBy(service, proof, code))).toBe('identity_taken')
    await service.store.people.disable(result.user.id, service.clock.now())
    expect(await reasonOf(bindPhone(service, { ...ming, appId: 'wx3' }))).toBe('user_disabled')
  })

  it('asks WeChat whether the code belongs to the identity', async () => {
    const service = createTestService()
    const proof = { ticket: await issueTestTicket(service, ming) }
    const code = service.wechat.phoneCode({ appId: 'wx1', openid: 'another', phone })
    expect(await reasonOf(bindBy(service, proof, code))).toBe('phone_rejected')
    expect(service.events.at(-1)).toMatchObject({ action: 'bind', outcome: 'phone_rejected' })
    const own = service.wechat.phoneCode({ ...ming, phone })
    expect(await bindBy(service, proof, own)).toMatchObject({ newUser: true })
  })

  it('creates one user for concurrent calls with one number', async () => {
    const service = createTestService()
    const users = ['one', 'two', 'three'].map((openid) => ({ ...ming, openid }))
    const results = await Promise.allSettled(users.map((user) => bindPhone(service, user)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(service.store.state.users.size).toBe(1)
  })
})

describe('a binding by phone number that is repeated', () => {
  it('with the same code within a minute signs in, and does not ask WeChat again', async () => {
    const service = createTestService()
    const { proof, code, result } = await bindPhone(service)
    service.clock.advance(minute - 1)
    const again = await bindBy(service, proof, code)
    expect(again).toMatchObject({ user: result.user, newUser: false })
    expect(again.tokens.refreshToken).not.toBe(result.tokens.refreshToken)
    expect(service.wechat.requests.phoneNumber).toBe(1)
    service.clock.advance(1)
    expect(await reasonOf(bindBy(service, proof, code))).toBe('ticket_rejected')
  })

  it('with another code is refused, and does not ask WeChat', async () => {
    const service = createTestService()
    const { proof } = await bindPhone(service)
    const other = service.wechat.phoneCode({ ...ming, phone })
    expect(await reasonOf(bindBy(service, proof, other))).toBe('ticket_rejected')
    expect(service.wechat.requests.phoneNumber).toBe(1)
  })

  it('by phone where it was bound by password is refused', async () => {
    const service = createTestService()
    await registerTestUser(service, { account: 'ming' })
    const user = { ...ming, appId: 'wx2' }
    const proof = { ticket: await issueTestTicket(service, user) }
    const credential = { type: 'password', account: 'ming', password: testPassword } as const
    await service.users.bind({ proof, credential, origin: testOrigin })
    const code = service.wechat.phoneCode({ ...user, phone })
    expect(await reasonOf(bindBy(service, proof, code))).toBe('ticket_rejected')
  })
})
