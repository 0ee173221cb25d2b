import {
  type AdminPorts,
  type AdminService,
  type AppTester,
  createAdminService,
  type Overview,
  type Setting,
} from '../src/admin/index.ts'
import {
  type Actor,
  type AuditEvent,
  type AuditLog,
  createServiceApi,
  createUserService,
  type Origin,
  type Policy,
  type ServiceApi,
  type SignedIn,
  type UserService,
} from '../src/index.ts'
import { createTestClock, type TestClock } from './fakes/clock.ts'
import { inflateStored } from './fakes/inflate.ts'
import { createFakePasswords, type FakePasswords } from './fakes/passwords.ts'
import {
  createFakeEnrolmentCodes,
  createFakeRecoveryCodes,
  createFakeTotp,
  type FakeTotp,
} from './fakes/second-factor.ts'
import { createFakeServiceKeyMaker } from './fakes/service-keys.ts'
import { createFakeTokens } from './fakes/tokens.ts'
import { createFakeOpenDataReader, createFakeVault } from './fakes/vault.ts'
import { createFakeWebhookSecrets, fakeWebhookUrls } from './fakes/webhooks.ts'
import { createFakeWechat, type FakeWechat, type WechatUser } from './fakes/wechat.ts'
import { createMemoryStore, type MemoryStore } from './memory-store/memory-store.ts'

export interface TestService {
  readonly users: UserService
  readonly admin: AdminService
  readonly services: ServiceApi
  readonly ports: AdminPorts
  readonly store: MemoryStore
  readonly clock: TestClock
  readonly wechat: FakeWechat
  readonly passwords: FakePasswords
  readonly totp: FakeTotp
  /** What the use cases recorded, the oldest first. */
  readonly events: readonly AuditEvent[]
  /** How many uses of a limit are counted, by its name and subject. */
  usesOf(limit: string): number
}

export const testApps = ['wx1', 'wx2', 'wx3'] as const
const testAppNames: ReadonlyMap<string, string> = new Map([['wx1', 'Shop']])
export const testOrigin: Origin = { address: '203.0.113.7', device: 'Phone' }
export const testPassword = 'correct horse battery'
export const testSettings: readonly Setting[] = [
  { name: 'SIGN_UP', value: 'bind', secret: false, isDefault: true },
]
export const testHealth: Overview['health'] = {
  startedAt: 1,
  version: '1.0.0',
  node: '24.0.0',
  eventLoopP99Ms: 2,
  heapBytes: 3,
  rssBytes: 4,
  databaseBytes: 5,
}

const policy: Policy = {
  signUp: 'bind',
  refreshTokenTtl: 30 * 24 * 3_600_000,
  ticketTtl: 300_000,
  phoneTrust: 90 * 24 * 3_600_000,
  rateLimitFactor: 1,
}

/** Finds every app in order. */
const appTester: AppTester = {
  test: async () => ({ finding: 'ok', errcode: 0, address: null, durationMs: 1 }),
}

export interface TestServiceOptions {
  /** Milliseconds since the epoch. */
  readonly now?: number
  readonly policy?: Partial<Policy>
  /** Ports in place of those over the in-memory store and the fakes. */
  readonly ports?: Partial<AdminPorts>
}

/**
 * The use cases of users and of administrators over an in-memory store, with fakes for everything else that
 * they reach.
 *
 * @example const { users, wechat } = createTestService({ policy: { signUp: 'auto' } })
 */
export function createTestService(options: TestServiceOptions = {}): TestService {
  const clock = createTestClock(options.now)
  const store = createMemoryStore({ appIds: testApps, now: clock.now })
  const { state, ...stores } = store
  const wechat = createFakeWechat(testApps)
  const passwords = createFakePasswords()
  const totp = createFakeTotp()
  const events: AuditEvent[] = []
  const audit: AuditLog = {
    ...store.audit,
    record(event) {
      events.push(event)
      store.audit.record(event)
    },
    write(event) {
      events.push(event)
      return store.audit.write(event)
    },
  }
  const ports: AdminPorts = {
    ...stores,
    audit,
    tokens: createFakeTokens(),
    passwords,
    wechat,
    vault: createFakeVault(),
    openData: createFakeOpenDataReader(),
    inflate: inflateStored,
    totp,
    recoveryCodes: createFakeRecoveryCodes(),
    enrolmentCodes: createFakeEnrolmentCodes(),
    appTester,
    appIds: testApps,
    appNames: testAppNames,
    serviceKeyMaker: createFakeServiceKeyMaker(),
    webhookSecrets: createFakeWebhookSecrets(),
    webhookUrls: fakeWebhookUrls,
    settings: () => testSettings,
    health: async () => testHealth,
    now: clock.now,
    pause: async () => {},
    policy: { ...policy, ...options.policy },
    ...options.ports,
  }
  return {
    users: createUserService(ports),
    admin: createAdminService(ports),
    services: createServiceApi(ports),
    ports,
    store,
    clock,
    wechat,
    passwords,
    totp,
    events,
    usesOf: (limit) => state.limits.get(limit)?.count ?? 0,
  }
}

/** The ticket that an unknown WeChat user gets at the first sign-in. */
export async function issueTestTicket(
  { users, wechat }: TestService,
  user: WechatUser,
): Promise<string> {
  const { appId } = user
  const code = wechat.loginCode(user)
  const result = await users.miniLogin({ appId, code, origin: testOrigin })
  if (result.status !== 'unbound') throw new Error('the user is bound already')
  return result.ticket
}

export interface TestUser {
  readonly user: WechatUser
  readonly signedIn: SignedIn
  /** The user as the caller of a use case. */
  readonly actor: Actor
}

/** Registers an account by a login code, so without a ticket. */
export async function registerTestUser(
  service: TestService,
  draft: { account: string; password?: string } & Partial<WechatUser>,
): Promise<TestUser> {
  const { account, password = testPassword, ...known } = draft
  const user = { appId: 'wx1', openid: `openid of ${account}`, ...known }
  const proof = { appId: user.appId, code: service.wechat.loginCode(user) }
  const input = { proof, account, password, origin: testOrigin }
  return callerOf(service, user, await service.users.register(input))
}

/** Gives a user a number that was proven now. */
export function giveTestPhone({ store, clock }: TestService, userId: string, phone: string): void {
  const user = store.state.users.get(userId)
  if (user === undefined) throw new Error('the user is gone')
  store.state.users.set(userId, { ...user, phone, phoneProvenAt: clock.now() })
}

/** Signs in a user whose WeChat identity is bound. */
export async function signInTestUser(service: TestService, user: WechatUser): Promise<TestUser> {
  const { appId } = user
  const code = service.wechat.loginCode(user)
  const result = await service.users.miniLogin({ appId, code, origin: testOrigin })
  if (result.status !== 'signedIn') throw new Error('the user is not bound')
  return callerOf(service, user, result)
}

async function callerOf(
  { users }: TestService,
  user: WechatUser,
  signedIn: SignedIn,
): Promise<TestUser> {
  const caller = await users.authenticate(signedIn.tokens.accessToken)
  return { user, signedIn, actor: { caller, origin: testOrigin } }
}
