import { type UserView, viewUser } from '../account/user.ts'
import type { Bound } from '../identity/identity-store.ts'
import type { Ports } from '../ports.ts'
import type { NewSession } from './session.ts'
import type { Tokens } from './tokens.ts'

export interface SignedIn {
  readonly status: 'signedIn'
  readonly tokens: Tokens
  readonly user: UserView
  readonly newUser: boolean
}

/** A session to hand to the store, which opens it together with whatever allows it. */
export function draftSession(
  ports: Ports,
  { appId, device }: { appId: string; device: string | null },
): NewSession {
  const createdAt = ports.now()
  const expiresAt = createdAt + ports.policy.refreshTokenTtl
  return { id: ports.tokens.newId(), appId, device, createdAt, expiresAt }
}

/** The reply to a sign-in whose session the store has just opened. */
export async function signedIn(ports: Ports, session: NewSession, bound: Bound): Promise<SignedIn> {
  const tokens = await issueTokens(ports, { ...session, userId: bound.user.id, counter: 0 })
  return { status: 'signedIn', tokens, user: viewUser(bound.user), newUser: bound.newUser }
}

export async function issueTokens(
  ports: Ports,
  session: { id: string; userId: string; appId: string; expiresAt: number; counter: number },
): Promise<Tokens> {
  const access = await ports.tokens.signAccess(
    { sessionId: session.id, userId: session.userId, appId: session.appId },
    ports.now(),
  )
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: ports.tokens.refreshToken(session.id, session.counter),
    refreshTokenExpiresAt: session.expiresAt,
  }
}
