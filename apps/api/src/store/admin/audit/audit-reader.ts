import { setImmediate } from 'node:timers/promises'
import { Failure } from '@mianmi/core'
import type { AuditLine, AuditQuery, AuditReader } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { createStatementCache } from '../statement-cache.ts'

/** Upper limit of index rows that one step scans, which bounds how long the event loop is blocked. */
const maxRowsPerStep = 5_000

/** Position of a scan: after this row, or at the newest when null. */
interface ScanPosition {
  readonly at: number
  readonly id: number
}

const columns = `id, at, action, outcome, user_id as userId, operator_id as adminId,
  app_id as appId, address, device`
const newestFirst = 'order by at desc, id desc'

export function createAuditReader(database: Pick<Database, 'sqlite' | 'flush'>): AuditReader {
  const { all, get } = createStatementCache(database)

  /** The next rows of the best index as an SQL condition, and the last of them; `end` is null for the last step. */
  const nextStep = (query: AuditQuery, position: ScanPosition | null) => {
    const { scanned, checked } = conditionsOf(query)
    const rows = [...scanned, ...(position === null ? [] : ['(at, id) < (:at, :id)'])]
    const values = { ...query, ...position }
    const end = get<ScanPosition>(
      `select at, id from audit_events where ${rows.join(' and ')} ${newestFirst}
       limit 1 offset ${maxRowsPerStep - 1}`,
      values,
    )
    if (end === undefined) return { where: [...rows, ...checked].join(' and '), values, end: null }
    const where = [...rows, '(at, id) >= (:endAt, :endId)', ...checked].join(' and ')
    return { where, values: { ...values, endAt: end.at, endId: end.id }, end }
  }
  return {
    list: async ({ cursor, limit, ...query }) => {
      // Includes lines that are not written yet.
      database.flush()
      const { where, values, end } = nextStep(
        query,
        cursor === undefined ? null : positionOf(cursor),
      )
      const lines = all<AuditLine>(
        `select ${columns} from audit_events where ${where} ${newestFirst} limit :limit`,
        { ...values, limit: limit + 1 },
      )
      const items = lines.slice(0, limit)
      const last = lines.length > limit ? items.at(-1) : end
      return { items, next: last ? writeCursor([last.at, last.id]) : null }
    },
    count: async (query) => {
      let count = 0
      let position: ScanPosition | null = null
      do {
        const { where, values, end } = nextStep(query, position)
        const countQuery = `select count(*) as count from audit_events where ${where}`
        count += get<{ count: number }>(countQuery, values)?.count ?? 0
        position = end
        if (position !== null) await setImmediate()
      } while (position !== null)
      return count
    },
  }
}

/**
 * Chooses the condition whose index has the fewest rows to scan, and the conditions to check on each row. Nearly
 * all lines are successful sign-ins, which two of the indexes omit (partial indexes): those are scanned by time.
 */
function conditionsOf({ from, to, action, outcome, userId, adminId }: AuditQuery) {
  const filters = [
    ...(userId === undefined ? [] : ['user_id = :userId']),
    ...(adminId === undefined ? [] : ['operator_id = :adminId']),
    ...(action === undefined || action === 'sign_in'
      ? []
      : ["action = :action and action <> 'sign_in'"]),
    ...(outcome === undefined || outcome === 'ok'
      ? []
      : ["outcome = :outcome and outcome <> 'ok'"]),
    ...(action === 'sign_in' ? ['+action = :action'] : []),
    ...(outcome === 'ok' ? ['+outcome = :outcome'] : []),
  ]
  const range = [
    ...(from === undefined ? [] : ['at >= :from']),
    ...(to === undefined ? [] : ['at < :to']),
  ]
  const [first, ...others] = filters
  const usesFirst = first !== undefined && !first.startsWith('+')
  return usesFirst
    ? { scanned: [first, ...range], checked: others.map(unindexed) }
    : { scanned: ['true', ...range], checked: filters }
}

/** The same condition with a unary plus, which keeps SQLite from using an index for it. */
const unindexed = (condition: string): string => condition.replace(/^(?!\+)/, '+')

/** @throws Failure `invalid_input` for a cursor that this store did not write */
function positionOf(cursor: string): ScanPosition {
  const [at, id] = readCursor(cursor)
  if (typeof at !== 'number' || typeof id !== 'number')
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { at, id }
}
