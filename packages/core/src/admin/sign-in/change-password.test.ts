import { describe, expect, it } from 'vitest'
import {
  commonPassword,
  enrolTestAdmin,
  failureOf,
  openFirstFactor,
  reasonOf,
  startSecondSignIn,
  type TestService,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'

const newPassword = 'another horse battery'

const change = {
  currentPassword: testPassword,
  newPassword,
  browserToken: null,
} as const

const signIn = ({ admin }: TestService, password: string) =>
  admin.signIn({ account: 'root', password, browserToken: null, origin: testOrigin })

describe('changePassword of an administrator', () => {
  it('takes the password and a code, and ends every other session', async () => {
    const { service, actor, token, adminId, code } = await startSecondSignIn()
    const { admin, ports, store } = service
    const own = actor.administrator.sessionHash
    const { browserToken } = await admin.changePassword(actor, { ...change, code: code() })
    expect([...store.state.adminSessions.keys()]).toEqual([own])
    expect(store.state.adminSessions.has(ports.tokens.hashTicket(token))).toBe(false)
    const known = [...store.state.knownBrowsers.values()].map(({ hash }) => hash)
    expect(known).toEqual([ports.tokens.hashTicket(browserToken)])
    expect(await reasonOf(signIn(service, testPassword))).toBe('credential_rejected')
    expect(await signIn(service, newPassword)).toMatchObject({ next: 'code' })
    expect(service.events.find(({ action }) => action.endsWith('changePassword'))).toMatchObject({
      outcome: 'ok',
      userId: adminId,
      adminId,
      origin: testOrigin,
    })
  })

  it('keeps the session that changes it', async () => {
    const { service, code, secret, recoveryCodes } = await startSecondSignIn()
    const { admin } = service
    const first = await openFirstFactor(service)
    const { token } = await admin.proveCode({
      token: first,
      code: recoveryCodes[0] ?? '',
      browserToken: null,
      origin: testOrigin,
    })
    const actor = { administrator: await admin.authenticate(token), origin: testOrigin }
    await admin.changePassword(actor, { ...change, code: code() })
    expect(await admin.authenticate(token)).toMatchObject({ account: 'root' })
    expect(secret).toEqual(expect.any(String))
  })

  it('refuses a wrong password, a wrong code and a used code, and changes nothing', async () => {
    const { service, actor, code, adminId } = await startSecondSignIn()
    const { admin, store } = service
    const before = store.state.users.get(adminId)
    const refused = [
      { ...change, currentPassword: 'wrong', code: code() },
      { ...change, code: '000000' },
      { ...change, code: 'no recovery code' },
    ]
    for (const attempt of refused)
      expect(await reasonOf(admin.changePassword(actor, attempt))).toBe('credential_rejected')
    await admin.renewRecoveryCodes(actor, code())
    expect(await reasonOf(admin.changePassword(actor, { ...change, code: code() }))).toBe(
      'credential_rejected',
    )
    expect(store.state.users.get(adminId)).toEqual(before)
  })

  it('counts wrong passwords for the session, and those of strangers do not refuse it', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const { admin } = service
    for (let count = 0; count < 10; count++) await failureOf(signIn(service, 'wrong'))
    expect(await reasonOf(signIn(service, testPassword))).toBe('rate_limited')
    const wrong = { ...change, currentPassword: 'wrong', code: code() }
    for (let count = 0; count < 10; count++)
      expect(await reasonOf(admin.changePassword(actor, wrong))).toBe('credential_rejected')
    expect(await reasonOf(admin.changePassword(actor, { ...change, code: code() }))).toBe(
      'rate_limited',
    )
    service.clock.advance(15 * 60_000)
    await admin.changePassword(actor, { ...change, code: code() })
  })

  it('is not refused because its network is blocked', async () => {
    const { service, actor, code } = await startSecondSignIn()
    for (let count = 0; count < 100; count++)
      await failureOf(
        service.admin.signIn({
          account: `guess ${count}`,
          password: 'wrong',
          browserToken: null,
          origin: actor.origin,
        }),
      )
    expect(await reasonOf(signIn(service, testPassword))).toBe('rate_limited')
    await service.admin.changePassword(actor, { ...change, code: code() })
  })

  it.each([
    ['a common one', commonPassword],
    ['one made of the account name', 'root root'],
  ])('refuses %s, and spends no code', async (_, weak) => {
    const { service, actor, code } = await startSecondSignIn()
    const attempt = { ...change, newPassword: weak, code: code() }
    expect(await reasonOf(service.admin.changePassword(actor, attempt))).toBe('invalid_input')
    await service.admin.changePassword(actor, { ...change, code: code() })
  })

  it('refuses the later of two that race from one password', async () => {
    const { service, actor, code, recoveryCodes } = await startSecondSignIn()
    const results = await Promise.allSettled([
      service.admin.changePassword(actor, { ...change, code: code() }),
      service.admin.changePassword(actor, { ...change, code: recoveryCodes[0] ?? '' }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const administrator = results.find(({ status }) => status === 'rejected')
    expect(administrator).toMatchObject({ reason: { reason: 'credential_rejected' } })
  })

  it('is refused where the password was taken away', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    const { users } = service.store.state
    const user = users.get(adminId)
    if (user) users.set(adminId, { ...user, passwordHash: null })
    const call = service.admin.changePassword(actor, { ...change, code: code() })
    expect(await reasonOf(call)).toBe('unauthenticated')
  })

  it('leaves other administrators as they are', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const boss = await enrolTestAdmin(service, 'boss')
    await service.admin.changePassword(actor, { ...change, code: code() })
    expect(await service.admin.authenticate(boss.token)).toMatchObject({ account: 'boss' })
  })
})
