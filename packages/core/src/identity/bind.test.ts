import { describe, expect, it } from 'vitest'
import {
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

const minute = 60_000
/** Another WeChat account, in another app than the one that `ming` registers in. */
const phone2: WechatUser = { appId: 'wx2', openid: 'openid on phone 2' }

const bind = (
  { users }: TestService,
  proof: Proof,
  { account = 'ming', password = testPassword } = {},
) => users.bind({ proof, credential: { type: 'password', account, password }, origin: testOrigin })

const codeOf = ({ wechat }: TestService, user: WechatUser = phone2): Proof => ({
  appId: user.appId,
  code: wechat.loginCode(user),
})

const accountLimit = 'wrong password for account ming'
const addressLimit = `wrong password from address ${testOrigin.address}`

/** A service where `ming` is registered in wx1, and a ticket of a second WeChat account in wx2. */
async function startWithTicket() {
  const service = createTestService()
  const ming = await registerTestUser(service, { account: 'ming' })
  const ticket = await issueTestTicket(service, phone2)
  return { service, ming, ticket, proof: { ticket } }
}

describe('bind by password', () => {
  it('binds the identity of the ticket to the account, and opens a session', async () => {
    const { service, ming, proof, ticket } = await startWithTicket()
    service.clock.advance(1_000)
    const result = await bind(service, proof)
    expect(result).toMatchObject({
      status: 'signedIn',
      newUser: false,
      user: ming.signedIn.user,
      identity: phone2,
    })
    const { session } = await service.users.authenticate(result.tokens.accessToken)
    const now = service.clock.now()
    expect(service.store.state.sessions.get(session.id)).toMatchObject({
      userId: ming.signedIn.user.id,
      appId: 'wx2',
      device: 'Phone',
      createdAt: now,
    })
    expect(await service.store.identities.list(ming.signedIn.user.id)).toEqual([
      expect.objectContaining({ appId: 'wx1', boundAt: now - 1_000, boundBy: 'register' }),
      {
        appId: 'wx2',
        boundAt: now,
        boundBy: 'password',
        lastSeenAt: now,
        device: 'Phone',
      },
    ])
    const hash = service.ports.tokens.hashTicket(ticket)
    expect(service.store.state.tickets.get(hash)?.used).toEqual({
      at: now,
      userId: ming.signedIn.user.id,
      proof: null,
    })
  })

  it('binds by a login code as well', async () => {
    const { service, ming } = await startWithTicket()
    const result = await bind(service, codeOf(service))
    expect(result.user.id).toBe(ming.signedIn.user.id)
    expect(result.identity).toMatchObject(phone2)
  })

  it('is recorded with the user and the app', async () => {
    const { service, ming, proof } = await startWithTicket()
    await bind(service, proof)
    expect(service.events.at(-1)).toEqual({
      at: service.clock.now(),
      action: 'bind',
      outcome: 'ok',
      userId: ming.signedIn.user.id,
      adminId: null,
      appId: 'wx2',
      origin: testOrigin,
      newUser: false,
    })
  })

  it('finds the account by any spelling of its name', async () => {
    const { service, ming, proof } = await startWithTicket()
    const result = await bind(service, proof, { account: 'ＭＩＮＧ' })
    expect(result.user.id).toBe(ming.signedIn.user.id)
  })

  it('counts a wrong password for the account, the address and the ticket', async () => {
    const { service, proof, ticket } = await startWithTicket()
    expect(await reasonOf(bind(service, proof, { password: 'wrong' }))).toBe('credential_rejected')
    expect(service.usesOf(accountLimit)).toBe(1)
    expect(service.usesOf(addressLimit)).toBe(1)
    const hash = service.ports.tokens.hashTicket(ticket)
    expect(service.store.state.tickets.get(hash)).toMatchObject({ tries: 1, used: null })
    expect(service.events.at(-1)).toMatchObject({
      action: 'bind',
      outcome: 'credential_rejected',
      userId: expect.any(String),
    })
  })

  it('counts tries of one account together, whichever spelling of the name is used', async () => {
    const { service } = await startWithTicket()
    for (const account of ['Ming', 'ＭＩＮＧ'])
      await failureOf(bind(service, codeOf(service), { account, password: 'wrong' }))
    expect(service.usesOf(accountLimit)).toBe(2)
  })

  it('gives the try back to the account and to the address where the password is right', async () => {
    const { service, proof } = await startWithTicket()
    await bind(service, proof)
    expect(service.usesOf(accountLimit)).toBe(0)
    expect(service.usesOf(addressLimit)).toBe(0)
  })

  it('spends the time of a comparison where there is no such account or no password', async () => {
    const { service, proof } = await startWithTicket()
    const refused = { password: 'wrong', account: 'unknown' }
    expect(await reasonOf(bind(service, proof, refused))).toBe('credential_rejected')
    expect(service.passwords.compared).toEqual([null])
  })

  it('gives a try back where the hasher was overloaded', async () => {
    const { service, proof } = await startWithTicket()
    service.passwords.isOverloaded = true
    expect(await reasonOf(bind(service, proof))).toBe('overloaded')
    expect(service.usesOf(accountLimit)).toBe(0)
    expect(service.usesOf(addressLimit)).toBe(0)
    service.passwords.isOverloaded = false
    expect(await bind(service, proof)).toMatchObject({ status: 'signedIn' })
  })

  it('burns a ticket with the fifth wrong password, so that the right one is refused', async () => {
    const { service, proof } = await startWithTicket()
    const wrong = Array.from({ length: 7 }, () =>
      reasonOf(bind(service, proof, { password: 'wrong' })),
    )
    expect(await Promise.all(wrong)).toEqual([
      ...Array.from({ length: 5 }, () => 'credential_rejected'),
      'ticket_rejected',
      'ticket_rejected',
    ])
    expect(service.passwords.compared).toHaveLength(5)
    expect(await reasonOf(bind(service, proof))).toBe('ticket_rejected')
  })

  it('takes the right password at the fifth try of a ticket', async () => {
    const { service, proof } = await startWithTicket()
    for (let count = 0; count < 4; count++)
      await failureOf(bind(service, proof, { password: 'wrong' }))
    expect(await bind(service, proof)).toMatchObject({ status: 'signedIn' })
  })
})

describe('the limits of wrong passwords', () => {
  const wrong = { password: 'wrong' }

  it('refuse the eleventh try for one account in 15 minutes, also with the right password', async () => {
    const { service } = await startWithTicket()
    for (let count = 0; count < 10; count++)
      expect(await reasonOf(bind(service, codeOf(service), wrong))).toBe('credential_rejected')
    service.clock.advance(500)
    const failure = await failureOf(bind(service, codeOf(service)))
    expect([failure.reason, failure.retryAfter]).toEqual(['rate_limited', 900])
    expect(service.passwords.compared).toHaveLength(10)
    service.clock.advance(15 * minute - 501)
    expect(await reasonOf(bind(service, codeOf(service)))).toBe('rate_limited')
    service.clock.advance(1)
    expect(await bind(service, codeOf(service))).toMatchObject({ status: 'signedIn' })
  })

  it('refuse the 101st try from one address, whatever the account, and no other address', async () => {
    const { service } = await startWithTicket()
    for (let count = 0; count < 100; count++)
      await failureOf(bind(service, codeOf(service), { ...wrong, account: `account ${count}` }))
    expect(await reasonOf(bind(service, codeOf(service)))).toBe('rate_limited')
    expect(service.passwords.compared).toHaveLength(100)
    expect(service.usesOf(accountLimit)).toBe(0)
    const elsewhere = service.users.bind({
      proof: codeOf(service),
      credential: { type: 'password', account: 'ming', password: testPassword },
      origin: { ...testOrigin, address: '203.0.113.8' },
    })
    expect(await elsewhere).toMatchObject({ status: 'signedIn' })
  })

  it('count tries that race before any of them is looked at', async () => {
    const { service } = await startWithTicket()
    const reasons = await Promise.all(
      Array.from({ length: 12 }, () => reasonOf(bind(service, codeOf(service), wrong))),
    )
    expect(reasons.filter((reason) => reason === 'credential_rejected')).toHaveLength(10)
    expect(reasons.filter((reason) => reason === 'rate_limited')).toHaveLength(2)
  })
})

describe('a binding that is refused', () => {
  it.each(['unknown', ''])('for the ticket %j', async (ticket) => {
    const { service } = await startWithTicket()
    expect(await reasonOf(bind(service, { ticket }))).toBe('ticket_rejected')
    expect(service.passwords.compared).toEqual([])
    expect(service.usesOf(accountLimit)).toBe(0)
  })

  it('for a ticket whose time is over, to the millisecond', async () => {
    const { service, proof } = await startWithTicket()
    service.clock.advance(5 * minute - 1)
    expect(await reasonOf(bind(service, proof, { password: 'wrong' }))).toBe('credential_rejected')
    service.clock.advance(1)
    expect(await reasonOf(bind(service, proof))).toBe('ticket_rejected')
  })

  it('for an identity of another user', async () => {
    const { service } = await startWithTicket()
    await registerTestUser(service, { account: 'hong', ...phone2 })
    expect(await reasonOf(bind(service, codeOf(service)))).toBe('identity_taken')
  })

  it('for an account with another identity in the app, whose ticket stays whole', async () => {
    const { service } = await startWithTicket()
    const other = { ...phone2, appId: 'wx1' }
    const proof = { ticket: await issueTestTicket(service, other) }
    expect(await reasonOf(bind(service, proof))).toBe('account_taken')
    expect(service.events.at(-1)).toMatchObject({
      outcome: 'account_taken',
      userId: expect.any(String),
      appId: 'wx1',
    })
    await registerTestUser(service, { account: 'hong', ...phone2, openid: 'openid of hong' })
    const hong = await bind(service, proof, { account: 'hong' })
    expect(hong.user.account).toBe('hong')
  })

  it('for a disabled account', async () => {
    const { service, ming, proof } = await startWithTicket()
    await service.store.people.disable(ming.signedIn.user.id, service.clock.now())
    expect(await reasonOf(bind(service, proof))).toBe('user_disabled')
    expect(service.store.state.sessions.size).toBe(0)
  })

  it('for an account whose password is changed while the one before is looked at', async () => {
    const { service, ming, proof } = await startWithTicket()
    const change = { currentPassword: testPassword, newPassword: 'another horse battery' }
    service.passwords.meanwhile = () => service.users.changePassword(ming.actor, change)
    expect(await reasonOf(bind(service, proof))).toBe('credential_rejected')
    expect([...service.store.state.sessions.values()]).toMatchObject([{ appId: 'wx1' }])
    expect(await service.users.listIdentities(ming.actor.caller)).toHaveLength(1)
  })

  it('for an account that is removed while its password is looked at', async () => {
    const { service, ming, proof } = await startWithTicket()
    service.passwords.meanwhile = () => service.store.users.remove(ming.signedIn.user.id)
    expect(await reasonOf(bind(service, proof))).toBe('ticket_rejected')
  })
})
