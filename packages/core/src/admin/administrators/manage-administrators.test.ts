import { describe, expect, it } from 'vitest'
import {
  commonPassword,
  enrolTestAdmin,
  failureOf,
  openFirstFactor,
  reasonOf,
  registerTestUser,
  startSecondSignIn,
  type TestService,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'
import { isLastAdministrator } from './last-administrator.ts'

const day = 24 * 3_600_000
const added = { account: 'boss', password: testPassword }

/** Signs in with a password, and enrols an app with a code. */
async function enrolWith({ admin }: TestService, account: string, enrolmentCode: string) {
  const origin = testOrigin
  const input = { account, password: testPassword, browserToken: null, origin }
  const { token, next } = await admin.signIn(input)
  expect(next).toBe('enrol')
  return admin.enrol({ token, enrolmentCode, origin })
}

describe('adding an administrator', () => {
  it('takes a code, and returns an enrolment code that is valid for a day', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    const { admin, clock } = service
    const { id, enrolment } = await admin.addAdministrator(actor, { ...added, code: code() })
    expect(enrolment.expiresAt).toBe(clock.now() + day)
    expect(await admin.listAdministrators(actor)).toMatchObject([
      { id: adminId, account: 'root', hasSecondFactor: true, enrolmentExpiresAt: null },
      { id, account: 'boss', hasSecondFactor: false, enrolmentExpiresAt: enrolment.expiresAt },
    ])
    expect(service.events.at(-2)).toMatchObject({
      action: 'admin.administrators.add',
      outcome: 'ok',
      adminId,
    })
    await enrolWith(service, 'boss', enrolment.code)
  })

  it('keeps the enrolment code as a hash, and takes it until it expires', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const { enrolment } = await service.admin.addAdministrator(actor, { ...added, code: code() })
    const stored = JSON.stringify([...service.store.state.enrolments.values()])
    expect(stored).toContain(`hash of ${enrolment.code}`)
    service.clock.advance(day)
    const late = enrolWith(service, 'boss', enrolment.code)
    expect(await reasonOf(late)).toBe('credential_rejected')
  })

  it('refuses a name that a user has, a common password and a wrong code', async () => {
    const { service, actor, code } = await startSecondSignIn()
    await registerTestUser(service, { account: 'ming' })
    const add = (change: object) =>
      service.admin.addAdministrator(actor, { ...added, code: code(), ...change })
    expect(await reasonOf(add({ account: 'ＭＩＮＧ' }))).toBe('account_taken')
    expect(await reasonOf(add({ password: commonPassword }))).toBe('invalid_input')
    expect(await reasonOf(add({ password: 'bossboss' }))).toBe('invalid_input')
    expect(await reasonOf(add({ code: '000000' }))).toBe('credential_rejected')
    expect(await service.admin.listAdministrators(actor)).toHaveLength(1)
    // None of them has spent the code.
    await add({})
    expect(await reasonOf(add({ account: 'other' }))).toBe('credential_rejected')
  })

  it('hashes no password for a wrong code', async () => {
    const { service, actor } = await startSecondSignIn()
    const { ports } = service
    let hashed = 0
    const hash = (password: string) => {
      hashed += 1
      return ports.passwords.hash(password)
    }
    const { createAdminService } = await import('../create-admin.ts')
    const admin = createAdminService({ ...ports, passwords: { ...ports.passwords, hash } })
    await failureOf(admin.addAdministrator(actor, { ...added, code: '000000' }))
    expect(hashed).toBe(0)
  })

  it('is limited by wrong codes of the session', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const add = (guess: string) => service.admin.addAdministrator(actor, { ...added, code: guess })
    for (let count = 0; count < 5; count++) await failureOf(add('000000'))
    expect(await reasonOf(add(code()))).toBe('rate_limited')
  })
})

describe('the enrolment code', () => {
  it('is wanted in addition to the password; wrong ones are limited', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const { enrolment } = await service.admin.addAdministrator(actor, {
      ...added,
      code: code(),
    })
    const token = await openFirstFactor(service, 'boss')
    const enrol = (enrolmentCode: string) =>
      service.admin.enrol({ token, enrolmentCode, origin: testOrigin })
    for (let count = 0; count < 5; count++)
      expect(await reasonOf(enrol('wrong'))).toBe('credential_rejected')
    expect(await reasonOf(enrol(enrolment.code))).toBe('rate_limited')
    // The password has to be proved again. The tries of a stranger who knows it refuse no other session.
    expect(await reasonOf(enrol(enrolment.code))).toBe('unauthenticated')
    await enrolWith(service, 'boss', enrolment.code)
  })
})

describe('removing an administrator', () => {
  it('makes an ordinary user, who signs in to a mini program and not to the console', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const boss = await enrolTestAdmin(service, 'boss')
    const userId = boss.actor.administrator.id
    await service.admin.removeAdministrator(actor, { userId, code: code() })
    expect(await reasonOf(service.admin.authenticate(boss.token))).toBe('unauthenticated')
    const input = {
      account: 'boss',
      password: testPassword,
      browserToken: null,
      origin: testOrigin,
    }
    expect(await reasonOf(service.admin.signIn(input))).toBe('credential_rejected')
    const proof = { appId: 'wx1', code: service.wechat.loginCode({ appId: 'wx1', openid: 'boss' }) }
    const credential = { type: 'password', account: 'boss', password: testPassword } as const
    const bound = await service.users.bind({ proof, credential, origin: testOrigin })
    expect(bound.user).toMatchObject({ id: userId, role: 'user' })
  })

  it('is refused for the last one who can sign in, also for oneself', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    const remove = (userId: string) =>
      service.admin.removeAdministrator(actor, { userId, code: code() })
    expect(await reasonOf(remove(adminId))).toBe('last_credential')
    expect(await reasonOf(remove('unknown'))).toBe('not_found')
    await enrolTestAdmin(service, 'boss')
    await remove(adminId)
    expect(
      (await service.store.roles.list(service.clock.now())).map(({ account }) => account),
    ).toEqual(['boss'])
  })
})

describe('resetting the second factor of another', () => {
  it('ends the sessions, and returns a code to enrol another app with', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const boss = await enrolTestAdmin(service, 'boss')
    const userId = boss.actor.administrator.id
    const shown = await service.admin.resetAdministratorFactor(actor, { userId, code: code() })
    expect(shown.expiresAt).toBe(service.clock.now() + day)
    expect(await reasonOf(service.admin.authenticate(boss.token))).toBe('unauthenticated')
    await enrolWith(service, 'boss', shown.code)
  })

  it('is refused for the last one who can sign in', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    const reset = service.admin.resetAdministratorFactor(actor, { userId: adminId, code: code() })
    expect(await reasonOf(reset)).toBe('last_credential')
  })
})

describe('isLastAdministrator', () => {
  const able = {
    id: 'a',
    account: 'a',
    hasPassword: true,
    hasSecondFactor: true,
    disabledAt: null,
  }

  it.each([
    ['no account name', { account: null }],
    ['no password', { hasPassword: false }],
    ['no second factor', { hasSecondFactor: false }],
    ['been disabled', { disabledAt: 0 }],
  ])('does not count one who has %s', (_, change) => {
    const unable = { ...able, id: 'b', ...change }
    expect(isLastAdministrator([able, unable], 'a')).toBe(true)
    expect(isLastAdministrator([able, unable], 'b')).toBe(false)
    expect(isLastAdministrator([able, { ...able, id: 'b' }, unable], 'a')).toBe(false)
  })

  it('is true for no user who is no administrator', () => {
    expect(isLastAdministrator([able], 'user')).toBe(false)
    expect(isLastAdministrator([], 'a')).toBe(false)
  })
})
