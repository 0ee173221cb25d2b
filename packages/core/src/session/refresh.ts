import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { isAlive, issueTokens, refreshTokenParts, sessionEnd } from './open-session.ts'
import { isNewest, isNextInRun } from './rotation.ts'
import type { SessionRecord } from './session.ts'
import type { RefreshResult } from './session-store.ts'
import type { RefreshClaims, Tokens } from './tokens.ts'

type RefreshPorts = Pick<Ports, 'sessions' | 'audit' | 'tokens' | 'now' | 'pause' | 'policy'>

interface RefreshInput {
  readonly refreshToken: string
  readonly origin: Origin
}

/**
 * In a run of repeats a first exchange waits until no call with this token came for this time, in ms. All calls that
 * read the session before it, on any node, get the same successor, so that parallel calls of one client get no variants.
 */
const concurrentMs = 250
/** How often it waits: 1 s at most. */
const maxWaits = 4

/**
 * Exchanges a refresh token for its successor; see `decideRotation`. The session is read first, and decided about in a
 * second transaction. The returned function throws a Failure: `unauthenticated` for any fault of the token or its
 * session, or `user_disabled`.
 */
export function createRefresh(ports: RefreshPorts): (input: RefreshInput) => Promise<Tokens> {
  const waitForParallelCalls = createWait(ports)

  return async ({ refreshToken, origin }) => {
    const claims = ports.tokens.readRefreshToken(refreshToken)
    if (claims === null) throw refusal(ports, { origin })
    const session = await sessionOf(ports, refreshToken, claims)
    if (session === null) throw refusal(ports, { origin })
    if (!isAlive(ports.policy, session.expiresAt, ports.now()))
      throw refusal(ports, { origin, session })
    const { sessionId, counter, variant } = claims
    const wasNewest = isNewest(session, claims)
    if (wasNewest && isNextInRun(session)) await waitForParallelCalls(refreshToken)
    const now = ports.now()
    const result = await ports.sessions.refresh({
      sessionId,
      presented: { counter, variant, wasNewest },
      now,
      expiresAt: sessionEnd(ports.policy, session.createdAt, now),
      secret: ports.tokens.newSecret(),
    })
    const refreshed = requireRefreshed(ports, result, { session, origin })
    return issueTokens(ports, refreshed.session, refreshed.issued)
  }
}

/** Waits until no further call with the same token came for a while. Calls with one token wait together. */
function createWait({ pause }: Pick<Ports, 'pause'>): (refreshToken: string) => Promise<void> {
  const waits = new Map<string, { calls: number; isOver: Promise<void> }>()

  const pauseUntilQuiet = async (wait: { readonly calls: number }): Promise<void> => {
    for (let count = 0, before = 0; count < maxWaits && wait.calls !== before; count++) {
      before = wait.calls
      await pause(concurrentMs)
    }
  }
  return (refreshToken) => {
    const running = waits.get(refreshToken)
    if (running !== undefined) {
      running.calls++
      return running.isOver
    }
    const wait = { calls: 1, isOver: Promise.resolve() }
    wait.isOver = pauseUntilQuiet(wait).finally(() => waits.delete(refreshToken))
    waits.set(refreshToken, wait)
    return wait.isOver
  }
}

/**
 * The session of a token; null where its MAC is wrong. The MAC covers a random value of the session, so that is read
 * first.
 */
async function sessionOf(
  { sessions, tokens }: Pick<Ports, 'sessions' | 'tokens'>,
  refreshToken: string,
  claims: RefreshClaims,
): Promise<SessionRecord | null> {
  const session = await sessions.findRecord(claims.sessionId)
  if (session === null) return null
  const isOwn = tokens.verifyRefreshToken(refreshToken, refreshTokenParts(session, claims))
  return isOwn ? session : null
}

function requireRefreshed(
  ports: Pick<Ports, 'audit' | 'now'>,
  result: RefreshResult,
  call: { session: SessionRecord; origin: Origin },
): Extract<RefreshResult, { session: SessionRecord }> {
  if ('session' in result) return result
  if (result.status === 'user_disabled') throw refusal(ports, { ...call, reason: 'user_disabled' })
  const action = result.status === 'reused' ? 'refresh_reuse' : 'refresh'
  throw refusal(ports, { ...call, action })
}

interface RefusedRefresh {
  readonly origin: Origin
  /** Of the token, where its MAC is right. */
  readonly session?: SessionRecord
  readonly action?: 'refresh' | 'refresh_reuse'
  readonly reason?: 'unauthenticated' | 'user_disabled'
}

/** Records a refusal, and returns it to be thrown. */
function refusal(
  { audit, now }: Pick<Ports, 'audit' | 'now'>,
  { origin, session, action = 'refresh', reason = 'unauthenticated' }: RefusedRefresh,
): Failure {
  const { userId = null, appId = null } = session ?? {}
  audit.record({ at: now(), action, outcome: reason, userId, appId, origin })
  return new Failure(reason)
}
