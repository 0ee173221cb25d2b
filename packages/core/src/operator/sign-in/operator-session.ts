import { Failure } from '../../failure.ts'
import type { DeskPorts } from '../desk-ports.ts'
import type { Operator } from '../operator.ts'
import type { KnownOperator, OperatorSession } from './operator-store.ts'

const minute = 60_000

/** How long the password's proof waits for the second factor, in ms. */
const firstTtl = 5 * minute
/** OWASP Session Management Cheat Sheet, idle and absolute time-outs. In ms. */
const idleTtl = 30 * minute
const fullTtl = 12 * 60 * minute
/** A session that was seen less than this long ago, in ms, is not written again. */
const touchEvery = minute

/** A session to hand to the store, and the token that the cookie carries. */
export function draftOperatorSession(
  ports: DeskPorts,
  { userId, passwordHash }: { userId: string; passwordHash: string },
  stage: OperatorSession['stage'],
): { token: string; session: OperatorSession } {
  const { ticket: token, hash } = ports.tokens.newTicket()
  const now = ports.now()
  const session: OperatorSession = {
    hash,
    userId,
    stage,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + (stage === 'first' ? firstTtl : fullTtl),
    passwordMark: markOf(ports, passwordHash),
    pendingSecret: null,
  }
  return { token, session }
}

/** Tells one password hash from another without being one. */
const markOf = (ports: DeskPorts, passwordHash: string): string =>
  ports.tokens.hashTicket(passwordHash)

/**
 * Whose cookie this is, where it proves as much as is asked for.
 *
 * @throws Failure `unauthenticated`, `forbidden` for who is no operator any more, `user_disabled`
 */
export async function sessionOf(
  ports: DeskPorts,
  token: string | null,
  stage: OperatorSession['stage'],
): Promise<KnownOperator> {
  const known = await liveSession(ports, token)
  if (known === null || known.session.stage !== stage) throw new Failure('unauthenticated')
  const { session, user } = known
  if (user.role !== 'admin' || user.disabledAt !== null) {
    await ports.operators.end(session.hash)
    throw new Failure(user.role === 'admin' ? 'user_disabled' : 'forbidden')
  }
  if (user.passwordHash === null || markOf(ports, user.passwordHash) !== session.passwordMark) {
    await ports.operators.end(session.hash)
    throw new Failure('unauthenticated')
  }
  return known
}

/** The session behind a cookie, whatever stage it is in, unless its time is over. */
export async function liveSession(
  ports: DeskPorts,
  token: string | null,
): Promise<KnownOperator | null> {
  const hash = token === null ? null : ports.tokens.hashTicket(token)
  const known = hash === null ? null : await ports.operators.find(hash)
  if (known === null) return null
  const { expiresAt, lastSeenAt } = known.session
  return ports.now() < Math.min(expiresAt, lastSeenAt + idleTtl) ? known : null
}

/** Who a cookie stands for; see `OperatorSignIn`. */
export async function authenticateOperator(
  ports: DeskPorts,
  token: string | null,
): Promise<Operator> {
  const { session, user, factor } = await sessionOf(ports, token, 'full')
  const now = ports.now()
  if (now - session.lastSeenAt >= touchEvery) await ports.operators.touch(session.hash, now)
  return {
    id: user.id,
    account: user.account ?? user.id,
    nickname: user.nickname,
    signedInAt: session.createdAt,
    expiresAt: session.expiresAt,
    idleTtl,
    recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0,
  }
}
