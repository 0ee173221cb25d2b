import { longestCall } from '../../call-time.ts'
import { Failure } from '../../failure.ts'
import type { AdminPorts } from '../admin-ports.ts'
import type { Administrator } from './administrator.ts'
import type { AdminSession, KnownAdministrator } from './administrator-store.ts'

const minute = 60_000

/** How long a session of the first factor lives, in ms. */
const firstTtl = 5 * minute
/** Idle and absolute time-outs (OWASP Session Management Cheat Sheet), in ms. */
const idleTtl = 30 * minute
const fullTtl = 12 * 60 * minute
/** `lastSeenAt` is written at most this often, in ms. */
const touchEvery = minute

/** A new session for the store, and the token for the cookie. */
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
    passwordFingerprint: fingerprintOf(ports, passwordHash),
    pendingSecret: null,
  }
  return { token, session }
}

/**
 * A hash of the password hash. It shows whether the password changed, without storing a second copy of the
 * hash.
 */
export const fingerprintOf = (ports: Pick<AdminPorts, 'tokens'>, passwordHash: string): string =>
  ports.tokens.hashTicket(passwordHash)

/**
 * Finds the session of a cookie that has proved the given factor.
 *
 * @throws Failure `unauthenticated`, `forbidden` where the user is no administrator any more, `user_disabled`
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
    fingerprintOf(ports, user.passwordHash) !== session.passwordFingerprint
  ) {
    await ports.administrators.end(session.hash)
    throw new Failure('unauthenticated')
  }
  return known
}

/**
 * The session of a cookie, whichever factor it has proved; null where it has expired. One that was seen in the future, or
 * ends later than any may, is of a clock that was ahead, and would last for as long as that clock was wrong.
 */
export async function liveSession(
  ports: Pick<AdminPorts, 'tokens' | 'administrators' | 'now'>,
  token: string | null,
): Promise<KnownAdministrator | null> {
  const hash = token === null ? null : ports.tokens.hashTicket(token)
  const known = hash === null ? null : await ports.administrators.find(hash)
  if (known === null) return null
  const { expiresAt, lastSeenAt } = known.session
  const left = expiresAt - ports.now()
  const idle = ports.now() - lastSeenAt
  const isAhead = left > fullTtl + longestCall || idle < -longestCall
  return left > 0 && !isAhead && idle < idleTtl ? known : null
}

/** The administrator of a cookie; see `AdminSignIn.authenticate`. */
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
    sessionHash: session.hash,
  }
}
