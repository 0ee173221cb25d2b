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

/** A first call with a token. `join` counts another one with the same token. */
interface RunningCall {
  readonly exchange: Promise<Exchange>
  readonly join: () => void
}

/**
 * In a run of repeats the reply to a first exchange waits until no call with this token came for this time, in ms. All
 * of them get this reply, so that parallel calls of one client do not get variants.
 */
const concurrentMs = 100
/** How often it waits: 1 s at most. */
const maxWaits = 10

/**
 * Exchanges a refresh token for its successor; see `decideRotation`. Calls with one token that overlap its first
 * exchange are one call. The returned function throws a Failure: `unauthenticated` for any fault of the token or its
 * session, or `user_disabled`.
 */
export function createRefresh(ports: RefreshPorts): (input: RefreshInput) => Promise<Tokens> {
  const calls = new Map<string, RunningCall>()

  const start = async (input: RefreshInput): Promise<Tokens> => {
    let count = 0
    const exchange = exchangeToken(ports, input, () => count)
    calls.set(input.refreshToken, { exchange, join: () => void count++ })
    try {
      return (await exchange).tokens
    } finally {
      calls.delete(input.refreshToken)
    }
  }
  return async (input) => {
    const running = calls.get(input.refreshToken)
    if (running === undefined) return start(input)
    running.join()
    const shared = await running.exchange.catch(() => null)
    // Only the first exchange is shared: a repeat is made at will by a thief, who would share each reply of the owner.
    if (shared?.status === 'rotated') return shared.tokens
    return (await exchangeToken(ports, input)).tokens
  }
}

async function exchangeToken(
  ports: RefreshPorts,
  { refreshToken, origin }: RefreshInput,
  joined = () => 0,
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
  if (status === 'rotated' && isInRun(refreshed)) await waitForParallelCalls(ports, joined)
  return { status, tokens: await issueTokens(ports, refreshed, issued) }
}

async function waitForParallelCalls(
  { pause }: Pick<Ports, 'pause'>,
  joined: () => number,
): Promise<void> {
  for (let waits = 0, before = -1; waits < maxWaits && joined() !== before; waits++) {
    before = joined()
    await pause(concurrentMs)
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
