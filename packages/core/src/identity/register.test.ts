import { describe, expect, it } from 'vitest'
import {
  commonPassword,
  createTestService,
  failureOf,
  issueTestTicket,
  reasonOf,
  registerTestUser,
  type TestService,
  testOrigin,
  testPassword,
  type WechatUser,
} from '../../testing/index.ts'
import type { Proof } from './proof.ts'
import { signInRules } from './sign-in-rules.ts'

const minute = 60_000
const ming: WechatUser = { appId: 'wx1', openid: 'openid of ming' }

const register = (
  { users }: TestService,
  proof: Proof,
  { account = 'Ming', password = testPassword } = {},
) => users.register({ proof, account, password, origin: testOrigin })

async function startWithTicket() {
  const service = createTestService()
  const ticket = await issueTestTicket(service, ming)
  return { service, proof: { ticket }, hash: service.ports.tokens.hashTicket(ticket) }
}

describe('register', () => {
  it('makes an account with the password, bound to the identity of the ticket', async () => {
    const { service, proof, hash } = await startWithTicket()
    const result = await register(service, proof)
    const now = service.clock.now()
    expect(result).toMatchObject({
      status: 'signedIn',
      newUser: true,
      user: { account: 'Ming', phone: null, createdAt: now },
      identity: ming,
    })
    expect(await service.store.users.findByAccount('ming')).toMatchObject({
      id: result.user.id,
      passwordHash: await service.passwords.hash(testPassword),
    })
    expect(service.store.state.tickets.get(hash)?.used).toMatchObject({ userId: result.user.id })
    const { session } = await service.users.authenticate(result.tokens.accessToken)
    expect(session).toMatchObject({ appId: 'wx1', createdAt: now })
    expect(service.events.at(-1)).toEqual({
      at: now,
      action: 'register',
      outcome: 'ok',
      userId: result.user.id,
      adminId: null,
      appId: 'wx1',
      origin: testOrigin,
      newUser: true,
    })
  })

  it('keeps the account name in its compatibility form, and finds it without case', async () => {
    const { service, proof } = await startWithTicket()
    const { user } = await register(service, proof, { account: 'Ｍｉｎｇ' })
    expect(user.account).toBe('Ming')
    expect(await service.store.users.findByAccount('ming')).toMatchObject({ id: user.id })
  })

  it.each([
    ['is common', commonPassword],
    ['says little more than the account name', 'mingming1'],
  ])('refuses a password that %s, and leaves the ticket whole', async (_, password) => {
    const { service, proof, hash } = await startWithTicket()
    expect(await reasonOf(register(service, proof, { password }))).toBe('invalid_input')
    expect(service.store.state.tickets.get(hash)?.used).toBeNull()
    expect(service.store.state.users.size).toBe(0)
    expect(service.events.at(-1)).toMatchObject({
      action: 'register',
      outcome: 'invalid_input',
      userId: null,
      appId: 'wx1',
    })
    expect(await register(service, proof)).toMatchObject({ newUser: true })
  })

  it('refuses an account name that is in use, and leaves the ticket whole', async () => {
    const { service, proof } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    expect(await reasonOf(register(service, proof, { account: 'ＨＯＮＧ' }))).toBe('account_taken')
    expect(await register(service, proof)).toMatchObject({ newUser: true })
  })

  it('looks up five names for a ticket at most, however many come at once, and hashes no password for a taken one', async () => {
    const { service, proof } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    service.passwords.callers.length = 0
    const tries = Array.from({ length: 8 }, () =>
      reasonOf(register(service, proof, { account: 'hong' })),
    )
    const reasons = await Promise.all(tries)
    expect(reasons.filter((reason) => reason === 'account_taken')).toHaveLength(5)
    expect(reasons.filter((reason) => reason === 'ticket_rejected')).toHaveLength(3)
    expect(await reasonOf(register(service, proof))).toBe('ticket_rejected')
    expect(service.passwords.callers).toEqual([])
    const ticket = await issueTestTicket(service, ming)
    expect(await register(service, { ticket })).toMatchObject({ newUser: true })
  })

  it('succeeds at the fifth name, and can be repeated then', async () => {
    const { service, proof } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    for (let count = 0; count < 4; count++)
      expect(await reasonOf(register(service, proof, { account: 'hong' }))).toBe('account_taken')
    const first = await register(service, proof)
    expect(await register(service, proof)).toMatchObject({ user: first.user, newUser: false })
  })

  it('counts no try for a password that is refused', async () => {
    const { service, proof } = await startWithTicket()
    for (let count = 0; count < 6; count++)
      expect(await reasonOf(register(service, proof, { password: commonPassword }))).toBe(
        'invalid_input',
      )
    expect(await register(service, proof)).toMatchObject({ newUser: true })
  })

  it('looks up five names in five minutes for a person who comes with codes', async () => {
    const { service } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    const tryName = (account: string, user = ming) => {
      const proof = { appId: user.appId, code: service.wechat.loginCode(user) }
      return register(service, proof, { account })
    }
    service.passwords.callers.length = 0
    const reasons = await Promise.all(Array.from({ length: 7 }, () => reasonOf(tryName('hong'))))
    expect(reasons.filter((reason) => reason === 'account_taken')).toHaveLength(5)
    expect(reasons.filter((reason) => reason === 'rate_limited')).toHaveLength(2)
    expect(service.passwords.callers).toEqual([])
    expect((await failureOf(tryName('free'))).retryAfter).toBe(300)
    expect(await tryName('other', { ...ming, openid: 'other' })).toMatchObject({ newUser: true })
    service.clock.advance(5 * minute)
    expect(await tryName('free')).toMatchObject({ newUser: true })
  })

  it('looks up twenty names an hour for a person, also with new tickets', async () => {
    const { service } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    const reasons: string[] = []
    for (let count = 0; count < 25; count++) {
      const ticket = await issueTestTicket(service, ming)
      reasons.push(await reasonOf(register(service, { ticket }, { account: 'hong' })))
    }
    expect(reasons.lastIndexOf('account_taken')).toBe(19)
    expect(reasons.indexOf('rate_limited')).toBe(20)
    service.clock.advance(60 * minute)
    const ticket = await issueTestTicket(service, ming)
    expect(await register(service, { ticket })).toMatchObject({ newUser: true })
  })

  it('refuses an identity that has an owner', async () => {
    const { service } = await startWithTicket()
    const { user } = await registerTestUser(service, { account: 'hong' })
    const proof = { appId: 'wx1', code: service.wechat.loginCode(user) }
    expect(await reasonOf(register(service, proof))).toBe('identity_taken')
  })

  it('refuses a ticket that is unknown or expired', async () => {
    const { service, proof } = await startWithTicket()
    expect(await reasonOf(register(service, { ticket: 'unknown' }))).toBe('ticket_rejected')
    service.clock.advance(5 * minute)
    expect(await reasonOf(register(service, proof))).toBe('ticket_rejected')
    expect(service.store.state.users.size).toBe(0)
  })

  it('passes on what WeChat says about a code', async () => {
    const { service } = await startWithTicket()
    const proof = { appId: 'wx1', code: 'unknown' }
    expect(await reasonOf(register(service, proof))).toBe('code_rejected')
  })

  it('creates one account for concurrent calls with one name', async () => {
    const { service } = await startWithTicket()
    const results = await Promise.allSettled(
      ['one', 'two', 'three'].map((openid) => {
        const code = service.wechat.loginCode({ ...ming, openid })
        return register(service, { appId: 'wx1', code })
      }),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(service.store.state.users.size).toBe(1)
  })

  it('creates one account for concurrent calls with one ticket', async () => {
    const { service, proof } = await startWithTicket()
    const results = await Promise.allSettled(
      ['one', 'two', 'three'].map((account) => register(service, proof, { account })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(service.store.state.users.size).toBe(1)
  })
})

describe('a registration that is repeated', () => {
  it('within a minute signs in to the same account', async () => {
    const { service, proof } = await startWithTicket()
    const first = await register(service, proof)
    service.clock.advance(minute - 1)
    const second = await register(service, proof)
    expect(second).toMatchObject({ user: first.user, newUser: false, identity: ming })
    expect(second.tokens.refreshToken).not.toBe(first.tokens.refreshToken)
    service.clock.advance(1)
    expect(await reasonOf(register(service, proof))).toBe('ticket_rejected')
  })

  it('with the name and password of another account is refused', async () => {
    const { service, proof } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    await register(service, proof)
    const sessions = service.store.state.sessions.size
    const other = { account: 'hong' }
    expect(await reasonOf(register(service, proof, other))).toBe('ticket_rejected')
    expect(service.store.state.sessions.size).toBe(sessions)
    expect(service.passwords.compared).toEqual([null])
  })

  it('with an unknown name or a wrong password is refused', async () => {
    const { service, proof } = await startWithTicket()
    await register(service, proof)
    for (const wrong of [{ account: 'unknown' }, { password: 'wrong' }])
      expect(await reasonOf(register(service, proof, wrong))).toBe('ticket_rejected')
  })

  it('compares five passwords at most', async () => {
    const { service, proof } = await startWithTicket()
    await register(service, proof)
    for (let count = 0; count < 7; count++)
      expect(await reasonOf(register(service, proof, { password: 'wrong' }))).toBe(
        'ticket_rejected',
      )
    expect(service.passwords.compared).toHaveLength(5)
    expect(await reasonOf(register(service, proof))).toBe('ticket_rejected')
  })

  it('is refused where a merge has ended the ticket', async () => {
    const { service, proof } = await startWithTicket()
    const kept = await registerTestUser(service, { account: 'hong', appId: 'wx2' })
    const gone = await register(service, proof)
    const userIds = { firstUserId: kept.signedIn.user.id, secondUserId: gone.user.id }
    for (const user of [kept.user, ming]) {
      const code = service.wechat.loginCode({ ...user, unionid: 'union' })
      await service.users.miniLogin({ appId: user.appId, code, origin: testOrigin })
    }
    const at = service.clock.now()
    const rules = signInRules(service.ports)
    const merge = { id: 'merge', adminId: 'administrator', at, undoUntil: at + minute, rules }
    const order = { unionid: 'union', ...userIds, keepUserId: kept.signedIn.user.id }
    expect(await service.store.merges.merge(order, merge)).toMatchObject({ id: 'merge' })
    expect(await reasonOf(register(service, proof))).toBe('ticket_rejected')
    await service.store.merges.undo('merge', rules)
    expect(await reasonOf(register(service, proof))).toBe('ticket_rejected')
  })
})
