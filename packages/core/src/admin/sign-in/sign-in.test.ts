import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  failureOf,
  makeTestAdmin,
  openFirstFactor,
  reasonOf,
  registerTestUser,
  type TestService,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'

const minute = 60_000
const hour = 60 * minute

async function start() {
  const service = createTestService()
  const adminId = await makeTestAdmin(service)
  return { service, adminId }
}

const signIn = ({ admin }: TestService, { account = 'root', password = testPassword } = {}) =>
  admin.signIn({ account, password, browserToken: null, origin: testOrigin })

const sessionOf = ({ ports, store }: TestService, token: string) =>
  store.state.adminSessions.get(ports.tokens.hashTicket(token))

const accountLimit = 'wrong password of administrator root'
const addressLimit = `wrong password from address ${testOrigin.address}`

describe('the first factor of an administrator', () => {
  it('counts no guess where the password could not be verified', async () => {
    const { service } = await start()
    service.passwords.isOverloaded = true
    expect(await reasonOf(signIn(service))).toBe('overloaded')
    expect([service.usesOf(accountLimit), service.usesOf(addressLimit)]).toEqual([0, 0])
  })

  it('is the password, and opens a session for five minutes that proves no more', async () => {
    const { service, adminId } = await start()
    const { token, next } = await signIn(service)
    const now = service.clock.now()
    expect(next).toBe('enrol')
    expect(sessionOf(service, token)).toEqual({
      hash: service.ports.tokens.hashTicket(token),
      userId: adminId,
      factor: 'first',
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + 5 * minute,
      passwordFingerprint: expect.not.stringMatching(/^hash of correct/),
      pendingSecret: null,
    })
    expect(await reasonOf(service.admin.authenticate(token))).toBe('unauthenticated')
    expect(service.events.at(-1)).toEqual({
      at: now,
      action: 'admin.operator.signIn',
      outcome: 'ok',
      userId: adminId,
      adminId,
      appId: null,
      origin: testOrigin,
      newUser: false,
    })
    expect([service.usesOf(accountLimit), service.usesOf(addressLimit)]).toEqual([0, 0])
  })

  it('finds the account by any spelling of its name', async () => {
    const { service } = await start()
    expect(await signIn(service, { account: 'ＲＯＯＴ' })).toMatchObject({ next: 'enrol' })
  })

  it('is followed by a code where an app is enrolled', async () => {
    const service = createTestService()
    await enrolTestAdmin(service)
    expect(await signIn(service)).toMatchObject({ next: 'code' })
  })

  it('refuses a wrong password, and counts it for the account and the address', async () => {
    const { service, adminId } = await start()
    expect(await reasonOf(signIn(service, { password: 'wrong' }))).toBe('credential_rejected')
    expect([service.usesOf(accountLimit), service.usesOf(addressLimit)]).toEqual([1, 1])
    expect(service.events.at(-1)).toMatchObject({
      outcome: 'credential_rejected',
      userId: adminId,
      adminId: null,
    })
    expect(service.store.state.adminSessions.size).toBe(0)
  })

  it('refuses a user who is no administrator as if there were no such account', async () => {
    const { service } = await start()
    const ming = await registerTestUser(service, { account: 'ming' })
    for (const account of ['ming', 'unknown'])
      expect(await reasonOf(signIn(service, { account }))).toBe('credential_rejected')
    expect(service.passwords.compared).toEqual([null, null])
    expect(service.events.slice(-2)).toMatchObject([
      { userId: ming.signedIn.user.id, adminId: null },
      { userId: null, adminId: null },
    ])
  })

  it('refuses a disabled administrator who knows the password', async () => {
    const { service, adminId } = await start()
    await service.store.people.disable(adminId, service.clock.now())
    expect(await reasonOf(signIn(service, { password: 'wrong' }))).toBe('credential_rejected')
    expect(await reasonOf(signIn(service))).toBe('user_disabled')
    expect(service.store.state.adminSessions.size).toBe(0)
  })

  it('refuses an administrator without a password', async () => {
    const { service, adminId } = await start()
    const { users } = service.store.state
    const user = users.get(adminId)
    if (user) users.set(adminId, { ...user, passwordHash: null })
    const verify = async () => true
    const { admin } = createTestService({
      ports: { ...service.ports, passwords: { ...service.passwords, verify } },
    })
    const input = {
      account: 'root',
      password: testPassword,
      browserToken: null,
      origin: testOrigin,
    }
    expect(await reasonOf(admin.signIn(input))).toBe('credential_rejected')
  })

  it('is limited for the account, whatever the browser', async () => {
    const { service } = await start()
    for (let count = 0; count < 10; count++) await failureOf(signIn(service, { password: 'wrong' }))
    expect(await reasonOf(signIn(service))).toBe('rate_limited')
    expect(service.events.at(-1)).toMatchObject({ outcome: 'rate_limited', adminId: null })
  })
})

describe('the session of an administrator', () => {
  async function startSignedIn() {
    const service = createTestService()
    const { actor, token } = await enrolTestAdmin(service)
    const signedInAt = service.clock.now()
    const authenticate = () => service.admin.authenticate(token)
    return { service, token, signedInAt, adminId: actor.administrator.id, authenticate }
  }

  it('shows who is signed in, and until when', async () => {
    const { service, token, adminId, signedInAt, authenticate } = await startSignedIn()
    expect(await authenticate()).toEqual({
      id: adminId,
      account: 'root',
      nickname: null,
      signedInAt,
      expiresAt: signedInAt + 12 * hour,
      idleTtl: 30 * minute,
      recoveryCodesLeft: 10,
      sessionHash: service.ports.tokens.hashTicket(token),
    })
  })

  it('shows the user id where there is no account name, and the nickname', async () => {
    const { service, adminId, authenticate } = await startSignedIn()
    const { users } = service.store.state
    const user = users.get(adminId)
    if (user) users.set(adminId, { ...user, account: null, nickname: 'Root' })
    service.store.state.factors.delete(adminId)
    expect(await authenticate()).toMatchObject({
      account: adminId,
      nickname: 'Root',
      recoveryCodesLeft: 0,
    })
  })

  it('is over after 30 minutes without a call, to the millisecond', async () => {
    const { service, authenticate } = await startSignedIn()
    for (let count = 0; count < 2; count++) {
      service.clock.advance(30 * minute - 1)
      await authenticate()
    }
    service.clock.advance(30 * minute)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
  })

  it('is over after 12 hours however busy it is', async () => {
    const { service, signedInAt, authenticate } = await startSignedIn()
    while (service.clock.now() < signedInAt + 12 * hour - 20 * minute) {
      service.clock.advance(20 * minute)
      await authenticate()
    }
    service.clock.advance(20 * minute - 1)
    await authenticate()
    service.clock.advance(1)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
  })

  it.each([
    ['signed in', 0],
    ['was seen', 1],
  ])('is over where it %s while the clock was ahead', async (_, calls) => {
    const { service, authenticate } = await startSignedIn()
    for (let count = 0; count < calls; count++) {
      service.clock.advance(5 * minute)
      await authenticate()
    }
    // Another node may go by a clock that differs by some ms.
    service.clock.advance(-5_000)
    await authenticate()
    service.clock.advance(-1)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
    service.clock.advance(-24 * hour)
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
  })

  it('is over where it ends later than any may, whenever it was seen', async () => {
    const { service, token, authenticate } = await startSignedIn()
    const { adminSessions } = service.store.state
    const session = sessionOf(service, token)
    if (session === undefined) throw new Error('the session is gone')
    const end = service.clock.now() + 12 * hour
    adminSessions.set(session.hash, { ...session, expiresAt: end + 5_001 })
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
    adminSessions.set(session.hash, { ...session, expiresAt: end + 5_000 })
    await authenticate()
  })

  it('is written once a minute at most', async () => {
    const { service, token, signedInAt, authenticate } = await startSignedIn()
    service.clock.advance(minute - 1)
    await authenticate()
    expect(sessionOf(service, token)?.lastSeenAt).toBe(signedInAt)
    service.clock.advance(1)
    await authenticate()
    expect(sessionOf(service, token)?.lastSeenAt).toBe(signedInAt + minute)
  })

  it('is void with another password, and ends', async () => {
    const { service, token, adminId, authenticate } = await startSignedIn()
    const { users } = service.store.state
    const user = users.get(adminId)
    if (user) users.set(adminId, { ...user, passwordHash: 'hash of another' })
    expect(await reasonOf(authenticate())).toBe('unauthenticated')
    expect(sessionOf(service, token)).toBeUndefined()
  })

  it.each([
    ['the role is taken away', { role: 'user' }, 'forbidden'],
    ['the user is disabled', { disabledAt: 1 }, 'user_disabled'],
    ['the password is taken away', { passwordHash: null }, 'unauthenticated'],
  ] as const)('ends where %s', async (_, change, reason) => {
    const { service, token, adminId, authenticate } = await startSignedIn()
    const { users } = service.store.state
    const user = users.get(adminId)
    if (user) users.set(adminId, { ...user, ...change })
    expect(await reasonOf(authenticate())).toBe(reason)
    expect(sessionOf(service, token)).toBeUndefined()
  })

  it('is not that of an unknown token, or of none', async () => {
    const { service } = await startSignedIn()
    for (const token of [null, '', 'unknown'])
      expect(await reasonOf(service.admin.authenticate(token))).toBe('unauthenticated')
  })
})

describe('signOut of an administrator', () => {
  const signedOut = { action: 'admin.operator.signOut', outcome: 'ok', origin: testOrigin }

  it('ends the session', async () => {
    const service = createTestService()
    const { token, actor } = await enrolTestAdmin(service)
    await service.admin.signOut(token, testOrigin)
    expect(await reasonOf(service.admin.authenticate(token))).toBe('unauthenticated')
    expect(service.events.at(-1)).toMatchObject({ ...signedOut, adminId: actor.administrator.id })
  })

  it('ends a session of the first factor, which names no administrator', async () => {
    const { service } = await start()
    const token = await openFirstFactor(service)
    await service.admin.signOut(token, testOrigin)
    expect(sessionOf(service, token)).toBeUndefined()
    expect(service.events.at(-1)).toMatchObject({ ...signedOut, adminId: null })
  })

  it('does nothing without a session', async () => {
    const { service } = await start()
    await service.admin.signOut(null, testOrigin)
    await service.admin.signOut('unknown', testOrigin)
    expect(service.events.at(-1)).toMatchObject({ ...signedOut, adminId: null })
  })
})
