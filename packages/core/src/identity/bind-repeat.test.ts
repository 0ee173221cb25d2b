import { describe, expect, it } from 'vitest'
import {
  createTestService,
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

const accountLimit = 'wrong password for account ming'

/** A service where `ming` is registered in wx1, and a ticket of a second WeChat account in wx2. */
async function startWithTicket() {
  const service = createTestService()
  const ming = await registerTestUser(service, { account: 'ming' })
  const ticket = await issueTestTicket(service, phone2)
  return { service, ming, ticket, proof: { ticket } }
}

describe('a binding by password that is repeated', () => {
  it('within a minute opens another session of the same user', async () => {
    const { service, proof } = await startWithTicket()
    const first = await bind(service, proof)
    service.clock.advance(minute - 1)
    const second = await bind(service, proof)
    expect(second.user).toEqual(first.user)
    expect(second.newUser).toBe(false)
    expect(second.tokens.refreshToken).not.toBe(first.tokens.refreshToken)
    expect(service.wechat.requests.exchangeCode).toBe(2)
    service.clock.advance(1)
    expect(await reasonOf(bind(service, proof))).toBe('ticket_rejected')
  })

  it('with the password of another account is refused', async () => {
    const { service, proof } = await startWithTicket()
    await registerTestUser(service, { account: 'hong' })
    await bind(service, proof)
    const sessions = service.store.state.sessions.size
    expect(await reasonOf(bind(service, proof, { account: 'hong' }))).toBe('ticket_rejected')
    expect(service.store.state.sessions.size).toBe(sessions)
  })

  it('costs no try where the queue of passwords is full', async () => {
    const { service, proof } = await startWithTicket()
    const overloaded = async () => {
      service.passwords.isOverloaded = true
      for (let count = 0; count < 6; count++)
        expect(await reasonOf(bind(service, proof))).toBe('overloaded')
      service.passwords.isOverloaded = false
    }
    await overloaded()
    await bind(service, proof)
    await overloaded()
    await bind(service, proof)
  })

  it('with a wrong password is refused, and counted', async () => {
    const { service, proof } = await startWithTicket()
    await bind(service, proof)
    for (let count = 0; count < 5; count++)
      expect(await reasonOf(bind(service, proof, { password: 'wrong' }))).toBe(
        'credential_rejected',
      )
    expect(service.usesOf(accountLimit)).toBe(5)
    expect(await reasonOf(bind(service, proof))).toBe('ticket_rejected')
  })

  it('with a password that is changed meanwhile is refused', async () => {
    const { service, ming, proof } = await startWithTicket()
    await bind(service, proof)
    const change = { currentPassword: testPassword, newPassword: 'another horse battery' }
    service.passwords.meanwhile = () => service.users.changePassword(ming.actor, change)
    expect(await reasonOf(bind(service, proof))).toBe('credential_rejected')
    expect(service.store.state.sessions.size).toBe(1)
  })

  it('by a disabled user is refused', async () => {
    const { service, ming, proof } = await startWithTicket()
    await bind(service, proof)
    await service.store.people.disable(ming.signedIn.user.id, service.clock.now())
    expect(await reasonOf(bind(service, proof))).toBe('user_disabled')
  })

  it('is refused once the identity was unbound', async () => {
    const { service, ming, proof } = await startWithTicket()
    await bind(service, proof)
    await service.users.unbind(ming.actor, { appId: phone2.appId })
    const sessions = service.store.state.sessions.size
    expect(await reasonOf(bind(service, proof))).toBe('ticket_rejected')
    expect(service.store.state.sessions.size).toBe(sessions)
  })

  it('at the same time as the first call binds once', async () => {
    const { service, ming, proof } = await startWithTicket()
    const results = await Promise.allSettled([bind(service, proof), bind(service, proof)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await service.store.identities.list(ming.signedIn.user.id)).toHaveLength(2)
    expect(await bind(service, proof)).toMatchObject({ user: ming.signedIn.user })
  })
})
