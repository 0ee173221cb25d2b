import { type UserView, viewUser } from '../account/user.ts'
import type { Origin } from '../audit/audit-log.ts'
import type { Identity } from '../identity/identity.ts'
import type { OpenedSignIn, SignInEffect } from '../identity/identity-store.ts'
import type { Policy, Ports } from '../ports.ts'
import type { Generation } from './rotation.ts'
import type { NewSession, SessionRecord } from './session.ts'
import type { RefreshTokenParts, Tokens } from './tokens.ts'

export interface SignedIn {
  readonly status: 'signedIn'
  readonly tokens: Tokens
  readonly user: UserView
  readonly newUser: boolean
  readonly identity: Identity
  /** Whether the sign-in replaced the identity's unionid. It is audited, and not part of the reply. */
  readonly unionidChanged: boolean
  /** What else the sign-in did. Audited as well. */
  readonly effects: readonly SignInEffect[]
}

/**
 * A session ends after this many times the refresh token's lifetime, however often it is refreshed: 360 days
 * with the defaults.
 */
const idleTimesPerSession = 12

/** When a session expires that was refreshed at `now`. */
export function sessionEnd(policy: Policy, createdAt: number, now: number): number {
  const idleEnd = now + policy.refreshTokenTtl
  return Math.min(idleEnd, longestEnd(policy, createdAt))
}

const longestEnd = ({ refreshTokenTtl }: Policy, since: number): number =>
  since + idleTimesPerSession * refreshTokenTtl

/**
 * Whether a session that expires at `expiresAt` is alive. No session lives longer than `longestEnd`: a later end was stored
 * by a clock that was ahead, and would last for as long as that clock was wrong.
 */
export function isAlive(policy: Policy, expiresAt: number, now: number): boolean {
  return expiresAt > now && expiresAt <= longestEnd(policy, now)
}

/** A new session. The store opens it in the same transaction as the sign-in that allows it. */
export function draftSession(
  ports: Pick<Ports, 'tokens' | 'now' | 'policy'>,
  { appId, origin }: { appId: string; origin: Origin },
): NewSession {
  const createdAt = ports.now()
  return {
    id: ports.tokens.newId(),
    appId,
    device: origin.device,
    createdAt,
    expiresAt: sessionEnd(ports.policy, createdAt, createdAt),
    secret: ports.tokens.newSecret(),
  }
}

/** The reply to a sign-in whose session is already stored. */
export async function signedIn(
  ports: Pick<Ports, 'tokens' | 'now'>,
  { session, identity }: { session: NewSession; identity: Identity },
  { user, newUser, unionidChanged, effects = [] }: OpenedSignIn,
): Promise<SignedIn> {
  const opened = { ...session, userId: user.id, secretSince: 0 }
  const tokens = await issueTokens(ports, opened, { counter: 0, variant: 0 })
  return {
    status: 'signedIn',
    tokens,
    user: viewUser(user),
    newUser,
    identity,
    unionidChanged,
    effects,
  }
}

export async function issueTokens(
  ports: Pick<Ports, 'tokens' | 'now'>,
  session: Pick<SessionRecord, 'id' | 'userId' | 'appId' | 'expiresAt' | 'secret' | 'secretSince'>,
  generation: Generation,
): Promise<Tokens> {
  const { id: sessionId, userId, appId, expiresAt } = session
  const access = await ports.tokens.signAccess({ sessionId, userId, appId }, ports.now())
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: ports.tokens.refreshToken(refreshTokenParts(session, generation)),
    refreshTokenExpiresAt: expiresAt,
  }
}

/** What the refresh token of a generation is made of. */
export function refreshTokenParts(
  session: Pick<SessionRecord, 'id' | 'secret' | 'secretSince'>,
  { counter, variant }: Generation,
): RefreshTokenParts {
  const secret = counter < session.secretSince ? null : session.secret
  return { sessionId: session.id, counter, variant, secret }
}
