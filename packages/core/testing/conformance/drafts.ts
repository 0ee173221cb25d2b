import type {
  ClaimedIdentity,
  Identity,
  IdentityStore,
  LimitedUse,
  NewSession,
  NewUser,
  OpenedSignIn,
  RefusedBinding,
  SignInRules,
  User,
} from '../../src/index.ts'
import { configuredApps, type TestedStores } from './stores.ts'

export const minute = 60_000
export const hour: number = 60 * minute
export const now = 1_800_000_000_000
/** How many callers race. */
export const many = 32

let serial = 0
/** A value that no other draft has. */
export const unique = (prefix: string): string => `${prefix}-${String(++serial).padStart(5, '0')}`

export function newIdentity(change: Partial<Identity> = {}): Identity {
  const key = { sealed: unique('sealed'), fingerprint: unique('fingerprint') }
  return { appId: 'wx1', openid: unique('openid'), unionid: null, key, ...change }
}

export function newSession(change: Partial<NewSession> = {}): NewSession {
  return {
    id: unique('session'),
    appId: 'wx1',
    device: null,
    createdAt: now,
    expiresAt: now + hour,
    secret: unique('secret'),
    ...change,
  }
}

/** A user with a password, whose account name is its own normal form. */
export function newUser(change: Partial<NewUser> = {}): NewUser {
  const account = unique('account')
  const named = { account, accountKey: account, passwordHash: 'hash' }
  return { id: unique('user'), createdAt: now, ...named, ...change }
}

export const withoutAccount: Pick<NewUser, 'account' | 'accountKey' | 'passwordHash'> = {
  account: null,
  accountKey: null,
  passwordHash: null,
}

/** A use of a limit that is never reached. */
export const unlimited: LimitedUse = {
  key: 'sign-in',
  limit: 1_000_000,
  windowMs: 1,
  now,
  unwritten: 0,
}

/** The rules at `now`: two configured apps, and numbers that vouch for 90 days. */
export const rules: SignInRules = {
  appIds: configuredApps,
  phoneTrust: 90 * 24 * hour,
  now,
}

/** A claim that came by a login code, so without a ticket. */
export const byCode = (identity: Identity): ClaimedIdentity => ({ identity, ticketHash: null })

/** Calls that are all started before the first one ends. */
export const race = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))

export const countStatus = (results: readonly { status: string }[], status: string): number =>
  results.filter((result) => result.status === status).length

/** @throws Error where the binding was refused */
export function requireBound<T extends { status: string }>(result: T): T & OpenedSignIn {
  if (result.status !== 'bound') throw new Error(`the binding was refused: ${result.status}`)
  return result as T & OpenedSignIn
}

export interface Registered {
  readonly identity: Identity
  readonly user: User
  readonly session: NewSession
}

/** Registers a user with one identity, without a ticket. */
export async function registerUser(
  { identities }: Pick<TestedStores, 'identities'>,
  draft: { identity?: Identity; user?: NewUser; session?: NewSession } = {},
): Promise<Registered> {
  const { identity = newIdentity(), user = newUser() } = draft
  const session = draft.session ?? newSession({ appId: identity.appId, createdAt: user.createdAt })
  const claim = byCode(identity)
  const bound = requireBound(await identities.register({ claim, user, session }))
  return { identity, user: bound.user, session }
}

/** Binds by the password that the user has. */
export async function bindTo(
  { identities, users }: Pick<TestedStores, 'identities' | 'users'>,
  request: { claim: ClaimedIdentity; userId: string; session: NewSession },
): Promise<OpenedSignIn | RefusedBinding> {
  const passwordHash = await users.findPasswordHash(request.userId)
  return identities.bind({ ...request, passwordHash })
}

/** Opens another session of a bound identity. */
export async function signIn(
  { identities }: Pick<TestedStores, 'identities'>,
  identity: Identity,
  change: Partial<NewSession> = {},
): Promise<NewSession> {
  const session = newSession({ appId: identity.appId, ...change })
  requireBound(await identities.signIn({ identity, session, use: unlimited }))
  return session
}

/** Unbinds the identity in one app, by `rules` and as an administrator where nothing else is given. */
export function unbind(
  { identities }: Pick<TestedStores, 'identities'>,
  request: { userId: string; appId: string } & Partial<Parameters<IdentityStore['unbind']>[0]>,
): ReturnType<IdentityStore['unbind']> {
  return identities.unbind({ everywhere: false, caller: null, rules, ...request })
}

/** Binds an identity that came with a ticket to a user, by a password. */
export async function bindByTicket(
  stores: Pick<TestedStores, 'identities' | 'tickets' | 'users'>,
  userId: string,
  { identity = newIdentity(), createdAt = now }: { identity?: Identity; createdAt?: number } = {},
): Promise<{ hash: string; claim: ClaimedIdentity }> {
  const ticket = await issueTicket(stores, { identity })
  const session = newSession({ appId: identity.appId, createdAt })
  requireBound(await bindTo(stores, { claim: ticket.claim, userId, session }))
  return ticket
}

/** Keeps a new ticket, which lives for a minute where `expiresAt` is not given. */
export async function issueTicket(
  { tickets }: Pick<TestedStores, 'tickets'>,
  draft: { identity?: Identity; expiresAt?: number; at?: number } = {},
): Promise<{ hash: string; claim: ClaimedIdentity }> {
  const { identity = newIdentity(), expiresAt = now + minute, at = now } = draft
  const hash = unique('ticket')
  await tickets.issue({ hash, identity, expiresAt }, at)
  return { hash, claim: { identity, ticketHash: hash } }
}
