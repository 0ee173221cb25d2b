import { describe, expect, it } from 'vitest'
import {
  createTestService,
  issueTestTicket,
  makeTestAdmin,
  reasonOf,
  registerTestUser,
  type TestService,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'

const wechat = { appId: 'wx1', openid: 'somebody' }

async function start() {
  const service = createTestService()
  const adminId = await makeTestAdmin(service)
  return { service, adminId }
}

async function bind(service: TestService, account: string, password = testPassword) {
  const ticket = await issueTestTicket(service, wechat)
  const credential = { type: 'password', account, password } as const
  return service.users.bind({ proof: { ticket }, credential, origin: testOrigin })
}

const phoneCodeOf = ({ wechat: phone }: TestService, openid: string): string =>
  phone.phoneCode({ appId: 'wx1', openid, phone: '13912345678' })

/** An administrator who was a user of a mini program before, with the password, an identity and a session. */
async function openMixed() {
  const service = createTestService()
  const { signedIn, actor, user } = await registerTestUser(service, { account: 'root' })
  const { users } = service.store.state
  const row = users.get(signedIn.user.id)
  if (row) users.set(row.id, { ...row, role: 'admin', phone: '13912345678', phoneProvenAt: 0 })
  return { service, signedIn, actor, user }
}

describe('an administrator in a mini program', () => {
  it('is not bound by the right password: the refusal is that of a name that no user has', async () => {
    const { service, adminId } = await start()
    expect(await reasonOf(bind(service, 'root'))).toBe('credential_rejected')
    expect(await reasonOf(bind(service, 'unknown'))).toBe('credential_rejected')
    // Compared with nothing, in the same time.
    expect(service.passwords.compared).toEqual([null, null])
    for (const name of ['root', 'unknown'])
      expect(service.usesOf(`wrong password for account ${name}`)).toBe(1)
    expect(await service.store.identities.list(adminId)).toEqual([])
  })

  it('is not bound by a number and the password', async () => {
    const { service } = await openMixed()
    expect(await reasonOf(bind(service, '13912345678'))).toBe('credential_rejected')
    expect(service.passwords.compared).toEqual([null, null])
  })

  it('is not locked out of the console by guesses in a mini program', async () => {
    const { service } = await start()
    for (let count = 0; count < 11; count++) await reasonOf(bind(service, 'root', 'wrong'))
    expect(await reasonOf(bind(service, 'root'))).toBe('rate_limited')
    const origin = { ...testOrigin, address: '203.0.113.8' }
    const input = { account: 'root', password: testPassword, browserToken: null, origin }
    expect(await service.admin.signIn(input)).toMatchObject({ next: 'enrol' })
  })

  it('gets no session for a repeated bind or register', async () => {
    const service = createTestService()
    const [ticket, other] = [
      await issueTestTicket(service, wechat),
      await issueTestTicket(service, { ...wechat, openid: 'another' }),
    ]
    const account = { account: 'root', password: testPassword }
    const origin = testOrigin
    const input = { proof: { ticket }, ...account, origin }
    const { user } = await service.users.register(input)
    const credential = {
      type: 'phone',
      code: phoneCodeOf(service, 'another'),
    } as const
    const byPhone = { proof: { ticket: other }, credential, origin }
    const second = await service.users.bind(byPhone)
    const { users } = service.store.state
    for (const id of [user.id, second.user.id]) {
      const row = users.get(id)
      if (row) users.set(id, { ...row, role: 'admin' })
    }
    expect(await reasonOf(service.users.register(input))).toBe('ticket_rejected')
    expect(await reasonOf(service.users.bind(byPhone))).toBe('ticket_rejected')
  })

  it('is not signed in through WeChat, and a session from before does nothing', async () => {
    const { service, signedIn, user } = await openMixed()
    const code = service.wechat.loginCode(user)
    const login = service.users.miniLogin({ appId: user.appId, code, origin: testOrigin })
    expect(await reasonOf(login)).toBe('forbidden')
    const { accessToken, refreshToken } = signedIn.tokens
    expect(await reasonOf(service.users.authenticate(accessToken))).toBe('unauthenticated')
    const refreshed = service.users.refresh({ refreshToken, origin: testOrigin })
    expect(await reasonOf(refreshed)).toBe('unauthenticated')
  })

  it('loses the number to no user', async () => {
    const { service, signedIn } = await openMixed()
    const credential = {
      type: 'phone',
      code: phoneCodeOf(service, wechat.openid),
    } as const
    const proof = { ticket: await issueTestTicket(service, wechat) }
    const bound = service.users.bind({ proof, credential, origin: testOrigin })
    expect(await reasonOf(bound)).toBe('phone_rejected')
    expect(await service.store.people.phoneOf(signedIn.user.id)).toBe('13912345678')
  })
})
