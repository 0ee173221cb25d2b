import { Failure } from '../../failure.ts'
import type { AdminPorts } from '../admin-ports.ts'
import type { Administrator } from './administrator.ts'
import type { AdminSession, KnownAdministrator } from './administrator-store.ts'

const minute = 60_000

/** How long the password's proof waits for the second factor, in ms. */
const firstTtl = 5 * minute
/** OWASP Session Management Cheat Sheet, idle and absolute time-outs. In ms. */
const idleTtl = 30 * minute
const fullTtl = 12 * 60 * minute
/** A session that was seen less than this long ago, in ms, is not written again. */
const touchEvery = minute

/** A session to hand to the store, and the token that the cookie carries. */
export function draftAdminSession(
  ports: Pick<AdminPorts, 'tokens' | 'now'>,
  { userId, passwordHash }: { userId: string; passwordHash: string },
  factor: AdminSession['factor'],
): { token: string; session: AdminSession } {
  const { ticket: token, hash } = ports.tokens.newTicket()
  const now = ports.now()
  const session: AdminSession = {
    hash,
    userId,
    factor,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + (factor === 'first' ? firstTtl : fullTtl),
    passwordFingerprint: markOf(ports, passwordHash),
    pendingSecret: null,
  }
  return { token, session }
}

/** Tells one password hash from another without being one. */
const markOf = (ports: Pick<AdminPorts, 'tokens'>, passwordHash: string): string =>
  ports.tokens.hashTicket(passwordHash)

/**
 * Whose cookie this is, where it proves as much as is asked for.
 *
 * @throws Failure `unauthenticated`, `forbidden` for who is no administrator any more, `user_disabled`
 */
export async function sessionOf(
  ports: Pick<AdminPorts, 'tokens' | 'administrators' | 'now'>,
  token: string | null,
  factor: AdminSession['factor'],
): Promise<KnownAdministrator> {
  const known = await liveSession(ports, token)
  if (known === null || known.session.factor !== factor) throw new Failure('unauthenticated')
  const { session, user } = known
  if (user.role !== 'admin' || user.disabledAt !== null) {
    await ports.administrators.end(session.hash)
    throw new Failure(user.role === 'admin' ? 'user_disabled' : 'forbidden')
  }
  if (
    user.passwordHash === null ||
    markOf(ports, user.passwordHash) !== session.passwordFingerprint
  ) {
    await ports.administrators.end(session.hash)
    throw new Failure('unauthenticated')
  }
  return known
}

/** The session behind a cookie, whichever factor it proves, unless its time is over. */
export async function liveSession(
  ports: Pick<AdminPorts, 'tokens' | 'administrators' | 'now'>,
  token: string | null,
): Promise<KnownAdministrator | null> {
  const hash = token === null ? null : ports.tokens.hashTicket(token)
  const known = hash === null ? null : await ports.administrators.find(hash)
  if (known === null) return null
  const { expiresAt, lastSeenAt } = known.session
  return ports.now() < Math.min(expiresAt, lastSeenAt + idleTtl) ? known : null
}

/** Who a cookie stands for; see `AdminSignIn`. */
export async function authenticateAdministrator(
  ports: Pick<AdminPorts, 'tokens' | 'administrators' | 'now'>,
  token: string | null,
): Promise<Administrator> {
  const { session, user, secondFactor } = await sessionOf(ports, token, 'full')
  const now = ports.now()
  if (now - session.lastSeenAt >= touchEvery) await ports.administrators.touch(session.hash, now)
  return {
    id: user.id,
    account: user.account ?? user.id,
    nickname: user.nickname,
    signedInAt: session.createdAt,
    expiresAt: session.expiresAt,
    idleTtl,
    recoveryCodesLeft: secondFactor?.recoveryCodesLeft ?? 0,
  }
}
