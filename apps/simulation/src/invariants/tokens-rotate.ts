import {
  type AnsweredRefresh,
  type AskedRefresh,
  createRefreshTable,
} from '../oracle/refresh-table.ts'
import type { Invariant } from './invariant.ts'

/** How long a refresh may take between its look at the session and its decision, in ms. */
const longestRefresh = 20_000

const day = 24 * 3_600_000

/** By REFRESH_TOKEN_TTL from now on, and by twelve times as long since it was opened at most. */
function isExtended({ now }: AskedRefresh, result: unknown): boolean {
  const { createdAt, expiresAt } = (result as { session: { createdAt: number; expiresAt: number } })
    .session
  return expiresAt === Math.min(now + 30 * day, createdAt + 360 * day)
}

export const tokensRotate: Invariant = {
  name: 'tokens-rotate',
  sentence:
    'A refresh token is answered as the table of docs/session-protocol.md says: the newest with the next one, one that may have lost its reply again, and one that is older ends the session.',
  sees: 'before',
  watch({ oracle, timeline }, fail) {
    const faultOf = createRefreshTable()
    const rotatedAt = new Map<string, number>()
    const endsAt = new Map<string, number>()
    return {
      committed({ name, args, result }) {
        noteEnd(args[0], result)
        if (name !== 'sessions.refresh') return
        const asked = args[0] as AskedRefresh
        const answered = result as AnsweredRefresh
        const { sessionId } = asked
        const session = oracle.model.sessions.get(sessionId)
        // What has ended is refused before its token is looked at; `ended-stays-ended` is about that.
        if (session === undefined || session.ended !== null) return
        const end = endsAt.get(sessionId)
        if (result !== null && 'session' in (result as object))
          endsAt.set(sessionId, (result as { session: { expiresAt: number } }).session.expiresAt)
        if (answered.status === 'user_disabled') return
        if (end !== undefined && end <= asked.now)
          return answered.status === 'not_found'
            ? undefined
            : fail('a refresh was answered for a session that has expired')
        const since = timeline.now - (rotatedAt.get(sessionId) ?? timeline.now)
        if (answered.status === 'overlapping' && since > longestRefresh)
          return fail(
            'a refresh that came long after another one counted as a call at the same time',
          )
        if (answered.status === 'rotated') rotatedAt.set(sessionId, timeline.now)
        if (answered.status === 'rotated' && !isExtended(asked, result))
          return fail('a refresh did not extend its session by 30 days')
        const fault = faultOf(asked, answered)
        if (fault !== null) fail(`a refresh ${fault}`)
      },
    }
    /** A session lives until the time that it was opened or extended with. */
    function noteEnd(given: unknown, result: unknown): void {
      const { session } = (given ?? {}) as { session?: { id: string; expiresAt: number } }
      if (session !== undefined && (result as { status?: string } | null)?.status === 'bound')
        endsAt.set(session.id, session.expiresAt)
    }
  },
}
