import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  failureOf,
  makeTestAdmin,
  openFirstFactor,
  reasonOf,
  startSecondSignIn,
  type TestService,
  testEnrolmentCode,
  testOrigin,
} from '../../../testing/index.ts'

const minute = 60_000
const limit = (adminId: string): string => `wrong code of administrator ${adminId}`

const enrol = ({ admin }: TestService, token: string | null) =>
  admin.enrol({ token, enrolmentCode: testEnrolmentCode, origin: testOrigin })
const proveCode = ({ admin }: TestService, token: string | null, code: string) =>
  admin.proveCode({ token, code, browserToken: null, origin: testOrigin })

/** A code of six digits that is not the right one, and matches no time step nearby. */
const wrongCode = '000000'

/** An administrator who has proved the password, and a drafted secret. */
async function startEnrolling() {
  const service = createTestService()
  const adminId = await makeTestAdmin(service)
  const token = await openFirstFactor(service)
  const { secret, uri } = await enrol(service, token)
  const code = (of = secret) => service.totp.codeAt(of, service.clock.now())
  return { service, adminId, token, secret, uri, code }
}

describe('the enrolment of an authenticator app', () => {
  it('shows a secret for the account, which counts once a code has proved it', async () => {
    const { service, adminId, token, secret, uri, code } = await startEnrolling()
    expect(uri).toBe(`otpauth://totp/root?secret=${secret}`)
    expect(await service.store.administrators.secondFactorOf(adminId)).toBeNull()
    const { token: full, recoveryCodes } = await proveCode(service, token, code())
    expect(recoveryCodes).toHaveLength(10)
    expect(full).not.toBe(token)
    expect(await service.admin.authenticate(full)).toMatchObject({
      id: adminId,
      recoveryCodesLeft: 10,
    })
    expect(await reasonOf(proveCode(service, token, code()))).toBe('unauthenticated')
    expect(service.usesOf(limit(adminId))).toBe(0)
  })

  it('is recorded step by step with the administrator', async () => {
    const { service, adminId, token, code } = await startEnrolling()
    await proveCode(service, token, code())
    const line = { outcome: 'ok', userId: adminId, adminId, appId: null, origin: testOrigin }
    expect(service.events.slice(-2)).toMatchObject([
      { ...line, action: 'admin.operator.enrol' },
      { ...line, action: 'admin.operator.proveCode' },
    ])
  })

  it('keeps no recovery code in a form that can be used', async () => {
    const { service, adminId, token, code } = await startEnrolling()
    const { recoveryCodes } = await proveCode(service, token, code())
    const hash = (each: string) => service.ports.recoveryCodes.hash(adminId, each)
    expect(service.store.state.factors.get(adminId)?.recoveryHashes).toEqual(
      recoveryCodes.map(hash),
    )
  })

  it('spends the time step of its code', async () => {
    const { service, token, code } = await startEnrolling()
    const used = code()
    await proveCode(service, token, used)
    const again = await openFirstFactor(service)
    expect(await reasonOf(proveCode(service, again, used))).toBe('credential_rejected')
  })

  it('refuses a wrong code, counts it, and can go on', async () => {
    const { service, adminId, token, code } = await startEnrolling()
    expect(await reasonOf(proveCode(service, token, wrongCode))).toBe('credential_rejected')
    expect(service.usesOf(limit(adminId))).toBe(1)
    expect(await proveCode(service, token, code())).toMatchObject({ token: expect.any(String) })
    expect(service.usesOf(limit(adminId))).toBe(1)
  })

  it('takes the newest secret only', async () => {
    const { service, token, code } = await startEnrolling()
    const { secret } = await enrol(service, token)
    expect(await reasonOf(proveCode(service, token, code()))).toBe('credential_rejected')
    expect(await proveCode(service, token, code(secret))).toMatchObject({})
  })

  it('refuses a code of a secret that was drafted again while it was looked at', async () => {
    const { service, adminId, token, code } = await startEnrolling()
    const { administrators } = service.store
    const { recoveryCodes } = service.ports
    const draw = () => {
      void administrators.draftSecret({
        hash: service.ports.tokens.hashTicket(token),
        sealedSecret: 'another secret',
        enrolmentHash: service.ports.enrolmentCodes.hash(testEnrolmentCode),
        now: service.clock.now(),
      })
      return recoveryCodes.draw()
    }
    const ports = { ...service.ports, recoveryCodes: { ...recoveryCodes, draw } }
    const { admin } = createTestService({ ports })
    const late = admin.proveCode({ token, code: code(), browserToken: null, origin: testOrigin })
    expect(await reasonOf(late)).toBe('unauthenticated')
    expect(await administrators.secondFactorOf(adminId)).toBeNull()
  })

  it('happens once of calls that race', async () => {
    const { service, token, code } = await startEnrolling()
    const results = await Promise.allSettled([
      proveCode(service, token, code()),
      proveCode(service, token, code()),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is refused to an administrator who has enrolled', async () => {
    const { service, token, adminId } = await startSecondSignIn()
    expect(await reasonOf(enrol(service, token))).toBe('forbidden')
    expect(service.events.at(-1)).toMatchObject({ outcome: 'forbidden', userId: adminId })
  })

  it('is refused without the password, with both factors proved, and after five minutes', async () => {
    const { service, token } = await startEnrolling()
    for (const none of [null, 'unknown'])
      expect(await reasonOf(enrol(service, none))).toBe('unauthenticated')
    expect(service.events.at(-1)).toMatchObject({
      outcome: 'unauthenticated',
      userId: null,
      adminId: null,
    })
    const { token: full } = await enrolTestAdmin(service, 'other')
    expect(await reasonOf(enrol(service, full))).toBe('unauthenticated')
    service.clock.advance(5 * minute - 1)
    expect(await enrol(service, token)).toMatchObject({ secret: expect.any(String) })
    service.clock.advance(1)
    expect(await reasonOf(enrol(service, token))).toBe('unauthenticated')
  })

  it('takes no code where no secret was drafted', async () => {
    const service = createTestService()
    const adminId = await makeTestAdmin(service)
    const token = await openFirstFactor(service)
    expect(await reasonOf(proveCode(service, token, wrongCode))).toBe('unauthenticated')
    expect(await service.store.administrators.secondFactorOf(adminId)).toBeNull()
  })
})

describe('the code of an enrolled app', () => {
  it('completes the sign-in, and trades the token of the first factor', async () => {
    const { service, token, code, adminId } = await startSecondSignIn()
    const result = await proveCode(service, token, code())
    expect(result.recoveryCodes).toEqual([])
    expect(await service.admin.authenticate(result.token)).toMatchObject({ id: adminId })
    const { adminSessions } = service.store.state
    expect(adminSessions.has(service.ports.tokens.hashTicket(token))).toBe(false)
    expect(service.usesOf(limit(adminId))).toBe(0)
  })

  it('counts once, also in two sessions at once', async () => {
    const { service, token, code } = await startSecondSignIn()
    const second = await openFirstFactor(service)
    const results = await Promise.allSettled(
      [token, second].map((each) => proveCode(service, each, code())),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is limited to five wrong ones in 15 minutes, and the sixth ends the session', async () => {
    const { service, token, adminId, code } = await startSecondSignIn()
    for (let count = 0; count < 5; count++)
      expect(await reasonOf(proveCode(service, token, wrongCode))).toBe('credential_rejected')
    expect(service.usesOf(limit(adminId))).toBe(5)
    const failure = await failureOf(proveCode(service, token, code()))
    expect([failure.reason, failure.retryAfter]).toEqual(['rate_limited', 900])
    expect(await reasonOf(proveCode(service, token, code()))).toBe('unauthenticated')
    const again = await openFirstFactor(service)
    expect(await reasonOf(proveCode(service, again, code()))).toBe('rate_limited')
    service.clock.advance(15 * minute)
    const later = await openFirstFactor(service)
    expect(await proveCode(service, later, code())).toMatchObject({ recoveryCodes: [] })
  })

  it('counts guesses that race before any of them is looked at', async () => {
    const { service, adminId } = await startSecondSignIn()
    const tokens = []
    for (let count = 0; count < 7; count++) tokens.push(await openFirstFactor(service))
    const reasons = await Promise.all(
      tokens.map((token) => reasonOf(proveCode(service, token, wrongCode))),
    )
    expect(reasons.filter((reason) => reason === 'credential_rejected')).toHaveLength(5)
    expect(reasons.filter((reason) => reason === 'rate_limited')).toHaveLength(2)
    expect(service.usesOf(limit(adminId))).toBe(5)
  })

  it('ends no session where the store fails for another reason', async () => {
    const { service, token, code } = await startSecondSignIn()
    const spend = () => Promise.reject(new Error('the disk is full'))
    const { admin } = createTestService({
      ports: { ...service.ports, limits: { ...service.ports.limits, spend } },
    })
    const input = { token, code: code(), browserToken: null, origin: testOrigin }
    await expect(admin.proveCode(input)).rejects.toThrow('the disk is full')
    expect(await proveCode(service, token, code())).toMatchObject({ recoveryCodes: [] })
  })

  it('is refused where the password was taken away', async () => {
    const { service, token, code, adminId } = await startSecondSignIn()
    const { users } = service.store.state
    const user = users.get(adminId)
    if (user) users.set(adminId, { ...user, passwordHash: null })
    expect(await reasonOf(proveCode(service, token, code()))).toBe('unauthenticated')
  })
})
