import {
  decideRefresh,
  type RefreshRequest,
  type RefreshResult,
  type Role,
  type SessionRecord,
} from '@mianmi/core'
import type { Postgres, Queries } from '../connection/index.ts'
import { endSession } from './end-sessions.ts'

/** The columns of `SessionRecord`, selected from `sessions s`. */
export const sessionRecordColumns = `s.id, s.user_id as "userId", s.app_id as "appId", s.device,
  s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.counter,
  s.rotated_at as "rotatedAt", s.secret, s.secret_since as "secretSince", s.variants,
  s.parent_variant as "parentVariant", s.grandparent_variant as "grandparentVariant",
  s.repeated_in as "repeatedIn", s.forgiven_in as "forgivenIn"`

const find = `select ${sessionRecordColumns}, u.role, u.disabled_at as "disabledAt"
  from sessions s join users u on u.id = s.user_id where s.id = $1`
const lock = `select ${sessionRecordColumns}, u.role, u.disabled_at as "disabledAt"
  from sessions s join users u on u.id = s.user_id where s.id = $1 for update of s`

/** Every value that a decision rests on and changes. */
const unchanged = `id = $1 and counter = $2 and variants = $3 and parent_variant = $4 and rotated_at = $5
  and repeated_in is not distinct from $6 and forgiven_in is not distinct from $7 and expires_at = $8`
const write = `update sessions set counter = $9, variants = $10, parent_variant = $11, rotated_at = $12,
    repeated_in = $13, forgiven_in = $14, expires_at = $15, grandparent_variant = $16, last_seen_at = $17,
    secret = $18, secret_since = $19
  where ${unchanged}`

interface FoundRow extends SessionRecord {
  readonly role: Role
  readonly disabledAt: number | null
}

/**
 * Exchanges a refresh token: reads the session, decides, and writes where it is as it was read. Only where another refresh
 * came in between, or the session ends, is it locked, in a transaction.
 */
export function createRefresh({
  reads,
  writes,
  transaction,
}: Pick<Postgres, 'reads' | 'writes' | 'transaction'>): (
  request: RefreshRequest,
) => Promise<RefreshResult> {
  return async (request) => {
    const row = await reads.first<FoundRow>(find, [request.sessionId])
    const result = decide(row, request)
    if (row === null) return result
    if (result.status !== 'reused' && (await apply(writes, row, result))) return result
    return transaction([], async (tx) => {
      const locked = await tx.first<FoundRow>(lock, [request.sessionId])
      const decided = decide(locked, request)
      if (locked === null) return decided
      if (decided.status === 'reused') await endSession(tx, locked)
      else if (!(await apply(tx, locked, decided))) throw new Error('a locked session has changed')
      return decided
    })
  }
}

function decide(row: FoundRow | null, request: RefreshRequest): RefreshResult {
  if (row === null) return decideRefresh(null, request)
  const { role, disabledAt, ...session } = row
  return decideRefresh({ session, role, disabledAt }, request)
}

/** Writes a decision, unless the session ends. False where the session is not as it was read. */
async function apply(queries: Queries, read: FoundRow, result: RefreshResult): Promise<boolean> {
  if (result.status !== 'rotated' && result.status !== 'repeated') return true
  const { session } = result
  const { grandparentVariant, lastSeenAt, secret, secretSince } = session
  const values = [...guardOf(session).slice(1), grandparentVariant, lastSeenAt, secret, secretSince]
  return (await queries.run(write, [...guardOf(read), ...values])) === 1
}

const guardOf = (session: SessionRecord): unknown[] => [
  session.id,
  session.counter,
  session.variants,
  session.parentVariant,
  session.rotatedAt,
  session.repeatedIn,
  session.forgivenIn,
  session.expiresAt,
]
