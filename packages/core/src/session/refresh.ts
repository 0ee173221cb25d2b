import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { issueTokens, sessionEnd } from './open-session.ts'
import type { SessionRecord } from './session.ts'
import type { Tokens } from './tokens.ts'

type RefreshPorts = Pick<Ports, 'sessions' | 'audit' | 'tokens' | 'now' | 'policy'>

/**
 * How long a parent token is accepted after its successor was used, in ms: two refreshes may be in flight at
 * once.
 */
const graceMs = 60_000

/**
 * Exchanges a refresh token for its successor (RFC 9700 §4.14.2, rotation with reuse detection).
 *
 * The successor is computed, not random, so a client that lost the reply can ask for it again: a token is
 * accepted while its successor is unused, and for 60 s after the successor was used. An older token can only be
 * a copy, and ends the session.
 *
 * @throws Failure `unauthenticated` for any fault of the token or its session, `user_disabled`
 */
export async function refresh(
  ports: RefreshPorts,
  refreshToken: string,
  origin: Origin,
): Promise<Tokens> {
  const presented = ports.tokens.readRefreshToken(refreshToken)
  if (presented === null) throw new Failure('unauthenticated')
  const { sessionId, counter } = presented
  const session = await liveSession(ports, sessionId)
  if (counter === session.counter) {
    const now = ports.now()
    const expiresAt = sessionEnd(ports.policy, session.createdAt, now)
    if (await ports.sessions.advance({ sessionId, from: counter, now, expiresAt }))
      return issueTokens(ports, { ...session, expiresAt, counter: counter + 1 })
    // A concurrent call advanced the counter after it was read; its successor is the reply here too.
    return successorOf(ports, { counter, origin }, await liveSession(ports, sessionId))
  }
  return successorOf(ports, { counter, origin }, session)
}

async function successorOf(
  ports: Pick<Ports, 'sessions' | 'audit' | 'tokens' | 'now'>,
  { counter, origin }: { counter: number; origin: Origin },
  session: SessionRecord,
): Promise<Tokens> {
  const steps = session.counter - counter
  const unused = steps === 1
  const withinGrace = steps === 2 && ports.now() - session.rotatedAt <= graceMs
  if (unused || withinGrace) return issueTokens(ports, { ...session, counter: counter + 1 })
  // A counter that this service signed but never issued: refuse, and end nothing.
  if (steps > 0) {
    await ports.sessions.end(session)
    ports.audit.record({
      at: ports.now(),
      action: 'refresh_reuse',
      outcome: 'unauthenticated',
      userId: session.userId,
      appId: session.appId,
      origin,
    })
  }
  throw new Failure('unauthenticated')
}

async function liveSession(
  ports: Pick<Ports, 'sessions' | 'now'>,
  sessionId: string,
): Promise<SessionRecord> {
  const found = await ports.sessions.findRecord(sessionId)
  if (found === null || found.session.expiresAt <= ports.now()) throw new Failure('unauthenticated')
  if (found.disabledAt !== null) throw new Failure('user_disabled')
  return found.session
}
