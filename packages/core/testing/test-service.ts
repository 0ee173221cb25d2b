import {
  type Actor,
  type AuditEvent,
  createUserService,
  type Origin,
  type Policy,
  type Ports,
  type SignedIn,
  type UserService,
} from '../src/index.ts'
import { createTestClock, type TestClock } from './fakes/clock.ts'
import { createFakePasswords, type FakePasswords } from './fakes/passwords.ts'
import { createFakeTokens } from './fakes/tokens.ts'
import { createFakeOpenDataReader, createFakeVault } from './fakes/vault.ts'
import { createFakeWechat, type FakeWechat, type WechatUser } from './fakes/wechat.ts'
import { createMemoryStore, type MemoryStore } from './memory-store/memory-store.ts'

export interface TestService {
  readonly users: UserService
  readonly ports: Ports
  readonly store: MemoryStore
  readonly clock: TestClock
  readonly wechat: FakeWechat
  readonly passwords: FakePasswords
  /** What the use cases recorded, the oldest first. */
  readonly events: readonly AuditEvent[]
  /** How many uses of a limit are counted, by its name and subject. */
  usesOf(limit: string): number
}

export const testApps = ['wx1', 'wx2', 'wx3'] as const
export const testOrigin: Origin = { address: '203.0.113.7', device: 'Phone' }
export const testPassword = 'correct horse battery'

/** The use cases over an in-memory store, with fakes for everything else that they reach. */
export function createTestService(
  options: { now?: number; policy?: Partial<Policy>; ports?: Partial<Ports> } = {},
): TestService {
  const store = createMemoryStore({ appIds: testApps })
  const { state, ...stores } = store
  const clock = createTestClock(options.now)
  const wechat = createFakeWechat(testApps)
  const passwords = createFakePasswords()
  const events: AuditEvent[] = []
  const ports: Ports = {
    ...stores,
    audit: {
      record(event) {
        events.push(event)
        store.audit.record(event)
      },
    },
    tokens: createFakeTokens(),
    passwords,
    wechat,
    vault: createFakeVault(),
    openData: createFakeOpenDataReader(),
    now: clock.now,
    policy: {
      signUp: 'bind',
      refreshTokenTtl: 30 * 24 * 3_600_000,
      ticketTtl: 300_000,
      rateLimitFactor: 1,
      ...options.policy,
    },
    ...options.ports,
  }
  return {
    users: createUserService(ports),
    ports,
    store,
    clock,
    wechat,
    passwords,
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
  readonly by: Actor
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
  return { user, signedIn, by: { caller, origin: testOrigin } }
}
