import type { AdminActor } from '../src/admin/index.ts'
import { accountKey } from '../src/index.ts'
import { createTestService, type TestService, testOrigin, testPassword } from './test-service.ts'

export interface TestAdmin {
  /** The administrator as the caller of a use case. */
  readonly actor: AdminActor
  /** Of the cookie. */
  readonly token: string
  /** Of the cookie by which the browser is known. */
  readonly browserToken: string
  /** Of the authenticator app. */
  readonly secret: string
  readonly recoveryCodes: readonly string[]
}

/** The code with which a test administrator enrols an app. */
export const testEnrolmentCode = 'test enrolment code'

/** Makes an administrator with an enrolment code; returns the user id. */
export async function makeTestAdmin(service: TestService, account = 'root'): Promise<string> {
  const { ports, store, clock } = service
  const id = ports.tokens.newId()
  store.state.users.set(id, {
    id,
    account,
    accountKey: accountKey(account),
    passwordHash: await ports.passwords.hash(testPassword),
    phone: null,
    phoneProvenAt: null,
    nickname: null,
    avatarUrl: null,
    externalId: null,
    role: 'admin',
    disabledAt: null,
    createdAt: clock.now(),
    mergedInto: null,
    mergedUntil: null,
  })
  giveTestEnrolment(service, id)
  return id
}

/** Lets an administrator enrol with `testEnrolmentCode` within a day. */
export function giveTestEnrolment({ ports, store, clock }: TestService, userId: string): void {
  const hash = ports.enrolmentCodes.hash(testEnrolmentCode)
  store.state.enrolments.set(userId, { hash, expiresAt: clock.now() + 24 * 3_600_000 })
}

/** Proves the password of an administrator; returns the token of the first factor. */
export async function openFirstFactor({ admin }: TestService, account = 'root'): Promise<string> {
  const input = { account, password: testPassword, browserToken: null, origin: testOrigin }
  return (await admin.signIn(input)).token
}

/** Makes an administrator who has enrolled an authenticator app and is signed in. */
export async function enrolTestAdmin(service: TestService, account = 'root'): Promise<TestAdmin> {
  await makeTestAdmin(service, account)
  const { admin, totp, clock } = service
  const first = await openFirstFactor(service, account)
  const { secret } = await admin.enrol({
    token: first,
    enrolmentCode: testEnrolmentCode,
    origin: testOrigin,
  })
  const { token, browserToken, recoveryCodes } = await admin.proveCode({
    token: first,
    code: totp.codeAt(secret, clock.now()),
    browserToken: null,
    origin: testOrigin,
  })
  const administrator = await admin.authenticate(token)
  const actor = { administrator, origin: testOrigin }
  return { actor, token, browserToken, secret, recoveryCodes }
}

export interface SecondSignIn extends TestAdmin {
  readonly service: TestService
  readonly adminId: string
  /** The code that the authenticator app shows now. */
  readonly code: () => string
}

/** An enrolled administrator who has proved the password once more; `token` is that of the first factor. */
export async function startSecondSignIn(): Promise<SecondSignIn> {
  const service = createTestService()
  const enrolled = await enrolTestAdmin(service)
  // By then the TOTP step and the rate-limit window of the enrolment have ended.
  service.clock.advance(15 * 60_000)
  const token = await openFirstFactor(service)
  const code = () => service.totp.codeAt(enrolled.secret, service.clock.now())
  return { ...enrolled, service, token, adminId: enrolled.actor.administrator.id, code }
}
