import type { AdminActor } from '../src/admin/index.ts'
import {
  createTestService,
  registerTestUser,
  type TestService,
  testOrigin,
  testPassword,
} from './test-service.ts'

export interface TestAdmin {
  /** The administrator as the caller of a use case. */
  readonly actor: AdminActor
  /** Of the cookie. */
  readonly token: string
  /** Of the authenticator app. */
  readonly secret: string
  readonly recoveryCodes: readonly string[]
}

/** Registers an account and gives it the role `admin`; returns its user id. */
export async function makeTestAdmin(service: TestService, account = 'root'): Promise<string> {
  const { signedIn } = await registerTestUser(service, { account })
  const { users } = service.store.state
  const user = users.get(signedIn.user.id)
  if (user === undefined) throw new Error('the user is gone')
  users.set(user.id, { ...user, role: 'admin' })
  return user.id
}

/** Proves the password of an administrator; returns the token of the first factor. */
export async function openFirstFactor({ admin }: TestService, account = 'root'): Promise<string> {
  const input = { account, password: testPassword, origin: testOrigin }
  return (await admin.signIn(input)).token
}

/** Makes an administrator who has enrolled an authenticator app and is signed in. */
export async function enrolTestAdmin(service: TestService, account = 'root'): Promise<TestAdmin> {
  await makeTestAdmin(service, account)
  const { admin, totp, clock } = service
  const first = await openFirstFactor(service, account)
  const { secret } = await admin.enrol({ token: first, origin: testOrigin })
  const code = totp.codeAt(secret, clock.now())
  const { token, recoveryCodes } = await admin.proveCode({ token: first, code, origin: testOrigin })
  const administrator = await admin.authenticate(token)
  return { actor: { administrator, origin: testOrigin }, token, secret, recoveryCodes }
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
