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
import type { z } from 'zod'
import type * as wire from '../schemas/schemas.ts'
import { isoTime } from './iso-time.ts'

/** Turns results of use cases (milliseconds) into the input of the output schemas (ISO 8601, UTC). */

export function userToWire(user: UserView): z.input<typeof wire.user> {
  return { ...user, createdAt: isoTime(user.createdAt) }
}

export function tokensToWire(tokens: Tokens): z.input<typeof wire.tokens> {
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
  return identities.map(({ appId, boundAt, current, boundBy, lastSeenAt, device }) => ({
    appId,
    boundAt: isoTime(boundAt),
    current,
    boundBy,
    lastSeenAt: isoTime(lastSeenAt),
    device,
  }))
}

export function signedInToWire({
  status,
  tokens,
  user,
  newUser,
}: SignedIn): z.input<typeof wire.signedIn> {
  return { status, tokens: tokensToWire(tokens), user: userToWire(user), newUser }
}

export function miniLoginToWire(result: SignedIn | Unbound): z.input<typeof wire.miniLoginOutput> {
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
