import type {
  ListedIdentity,
  ListedSession,
  SignedIn,
  SignedInCaller,
  Tokens,
  Unbound,
  UserView,
} from '@mianmi/core'
import { viewUser } from '@mianmi/core'
import type * as wire from '../schemas/schemas.ts'
import { isoTime } from './iso-time.ts'

/** From what use cases answer (milliseconds) to what goes over the wire (ISO 8601, UTC). */

export function userToWire(user: UserView): wire.User {
  return { ...user, createdAt: isoTime(user.createdAt) }
}

export function tokensToWire(tokens: Tokens): wire.Tokens {
  return {
    accessToken: tokens.accessToken,
    accessTokenExpiresAt: isoTime(tokens.accessTokenExpiresAt),
    refreshToken: tokens.refreshToken,
    refreshTokenExpiresAt: isoTime(tokens.refreshTokenExpiresAt),
  }
}

export function sessionsToWire(sessions: readonly ListedSession[]) {
  return sessions.map(({ id, appId, current, createdAt, lastSeenAt, device }) => ({
    id,
    appId,
    current,
    createdAt: isoTime(createdAt),
    lastSeenAt: isoTime(lastSeenAt),
    device,
  }))
}

export function identitiesToWire(identities: readonly ListedIdentity[]) {
  return identities.map(({ appId, boundAt, current }) => ({
    appId,
    boundAt: isoTime(boundAt),
    current,
  }))
}

export function signedInToWire({ status, tokens, user, newUser }: SignedIn): wire.SignedIn {
  return { status, tokens: tokensToWire(tokens), user: userToWire(user), newUser }
}

export function miniLoginToWire(result: SignedIn | Unbound): wire.SignedIn | wire.Unbound {
  if (result.status === 'signedIn') return signedInToWire(result)
  const { status, ticket, ticketExpiresAt } = result
  return { status, ticket, ticketExpiresAt: isoTime(ticketExpiresAt) }
}

export function meToWire({ session, user }: SignedInCaller) {
  const { id, appId, createdAt, expiresAt } = session
  return {
    user: userToWire(viewUser(user)),
    session: { id, appId, createdAt: isoTime(createdAt), expiresAt: isoTime(expiresAt) },
  }
}
