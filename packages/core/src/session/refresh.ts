import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { isAlive, issueTokens, refreshTokenParts, sessionEnd } from './open-session.ts'
import { isInRun } from './rotation.ts'
import type { SessionRecord } from './session.ts'
import type { RefreshResult } from './session-store.ts'
import type { RefreshClaims, Tokens } from './tokens.ts'

type RefreshPorts = Pick<Ports, 'sessions' | 'audit' | 'tokens' | 'now' | 'pause' | 'policy'>

interface RefreshInput {
  readonly refreshToken: string
  readonly origin: Origin
}

interface Exchange {
  readonly status: 'rotated' | 'repeated'
  readonly tokens: Tokens
}

/**
 * In a run of repeats, how long the reply to a first exchange waits for calls that were made at the same time, in ms.
 * All of them get this reply, so that parallel calls of one client do not get variants.
 */
const concurrentMs = 100

/**
 * Exchanges a refresh token for its successor; see `decideRotation`. Calls with one token that overlap its first
 * exchange are one call. The returned function throws a Failure: `unauthenticated` for any fault of the token or its
 * session, or `user_disabled`.
 */
export function createRefresh(ports: RefreshPorts): (input: RefreshInput) => Promise<Tokens> {
  const exchanges = new Map<string, Promise<Exchange>>()

  const start = async (input: RefreshInput): Promise<Tokens> => {
    const exchange = exchangeToken(ports, input)
    exchanges.set(input.refreshToken, exchange)
    try {
      return (await exchange).tokens
    } finally {
      exchanges.delete(input.refreshToken)
    }
  }
  return async (input) => {
    const running = exchanges.get(input.refreshToken)
    if (running === undefined) return start(input)
    const shared = await running.catch(() => null)
    // Only the first exchange is shared: a repeat is made at will by a thief, who would share each reply of the owner.
    if (shared?.status === 'rotated') return shared.tokens
    return (await exchangeToken(ports, input)).tokens
  }
}

async function exchangeToken(
  ports: RefreshPorts,
  { refreshToken, origin }: RefreshInput,
): Promise<Exchange> {
  const claims = ports.tokens.readRefreshToken(refreshToken)
  if (claims === null) throw refusal(ports, { origin })
  const session = await sessionOf(ports, refreshToken, claims)
  if (session === null) throw refusal(ports, { origin })
  const now = ports.now()
  if (!isAlive(ports.policy, session.expiresAt, now)) throw refusal(ports, { origin, session })
  const { sessionId, counter, variant } = claims
  const result = await ports.sessions.refresh({
    sessionId,
    presented: { counter, variant },
    now,
    expiresAt: sessionEnd(ports.policy, session.createdAt, now),
    secret: ports.tokens.newSecret(),
  })
  const {
    status,
    session: refreshed,
    issued,
  } = requireRefreshed(ports, result, { session, origin })
  if (status === 'rotated' && isInRun(refreshed)) await ports.pause(concurrentMs)
  return { status, tokens: await issueTokens(ports, refreshed, issued) }
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
): Extract<RefreshResult, { status: 'rotated' | 'repeated' }> {
  if (result.status === 'rotated' || result.status === 'repeated') return result
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
