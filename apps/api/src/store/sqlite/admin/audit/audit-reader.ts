import { setImmediate } from 'node:timers/promises'
import { type AuditKind, auditKindOf, Failure } from '@mianmi/core'
import type { AuditLine, AuditQuery, AuditReader } from '@mianmi/core/admin'
import { readCursor, writeCursor } from '../../../admin/cursor.ts'
import type { Database } from '../../database.ts'
import { createStatementCache } from '../statement-cache.ts'

/** Upper limit of index rows that one step scans, which bounds how long the event loop is blocked. */
const maxRowsPerStep = 5_000

/** Position of a scan: after this row, or at the newest when null. */
interface ScanPosition {
  readonly at: number
  readonly id: number
}

/** Of a user who was deleted nothing but the pseudonym is known. */
const userOf = (column: string) =>
  `coalesce((select user_id from audit_subjects where pseudonym = line.${column}), line.${column})`
const columns = `id, at, action, outcome, ${userOf('user_id')} as userId,
  ${userOf('operator_id')} as adminId, app_id as appId, address, device, count`
const newestFirst = 'order by at desc, id desc'

export function createAuditReader(database: Pick<Database, 'sqlite' | 'flush'>): AuditReader {
  const { all, get } = createStatementCache(database)

  const pseudonymOf = (id: string): string =>
    get<{ pseudonym: string }>('select pseudonym from audit_subjects where user_id = :id', { id })
      ?.pseudonym ?? id
  /** The query with the ids that the lines have. */
  const withPseudonyms = <Query extends AuditQuery>(query: Query): Query => ({
    ...query,
    ...(query.userId === undefined ? {} : { userId: pseudonymOf(query.userId) }),
    ...(query.adminId === undefined ? {} : { adminId: pseudonymOf(query.adminId) }),
  })

  /** The next rows of the best index as an SQL condition, and the last of them; `end` is null for the last step. */
  const nextStep = (query: AuditQuery, kind: AuditKind, position: ScanPosition | null) => {
    const { scanned, checked } = conditionsOf(query, kind)
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
  const readStep = (query: AuditQuery & { limit: number }, position: ScanPosition | null) =>
    kindsOf(query).map((kind) => {
      const { where, values, end } = nextStep(query, kind, position)
      const lines = all<AuditLine>(
        `select ${columns} from audit_events as line where ${where} ${newestFirst} limit :limit`,
        values,
      )
      return { lines, end }
    })
  return {
    list: async ({ cursor, limit, ...query }) => {
      // Includes lines that are not written yet.
      database.flush()
      const position = cursor === undefined ? null : positionOf(cursor)
      const steps = readStep({ ...withPseudonyms(query), limit: limit + 1 }, position)
      // Beyond the end of its step the lines of a kind are not known.
      const horizon = steps
        .flatMap(({ end, lines }) => (end === null || lines.length > limit ? [] : [end]))
        .sort(byNewest)[0]
      const lines = steps
        .flatMap((step) => step.lines)
        .filter((line) => horizon === undefined || byNewest(line, horizon) <= 0)
        .sort(byNewest)
      const items = lines.slice(0, limit)
      const last = lines.length > limit ? items.at(-1) : horizon
      return { items, next: last ? writeCursor([last.at, last.id]) : null }
    },
    count: async (filter) => {
      const query = withPseudonyms(filter)
      let count = 0
      for (const kind of kindsOf(query)) {
        let position: ScanPosition | null = null
        do {
          const { where, values, end } = nextStep(query, kind, position)
          const countQuery = `select count(*) as count from audit_events where ${where}`
          count += get<{ count: number }>(countQuery, values)?.count ?? 0
          position = end
          if (position !== null) await setImmediate()
        } while (position !== null)
      }
      return count
    },
  }
}

const byNewest = (a: ScanPosition, b: ScanPosition): number => b.at - a.at || b.id - a.id

/** The kinds of lines that can match: each is scanned by itself, because the indexes keep them apart. */
function kindsOf({ kind, action }: AuditQuery): readonly AuditKind[] {
  const kinds = action === undefined ? (['change', 'read'] as const) : [auditKindOf(action)]
  return kinds.filter((each) => kind === undefined || kind === each)
}

/**
 * Chooses the condition whose index has the fewest rows to scan, and the conditions to check on each row. Nearly
 * all lines are successful sign-ins, which two of the indexes omit (partial indexes): those are scanned by time.
 */
function conditionsOf({ from, to, action, outcome, userId, adminId }: AuditQuery, kind: AuditKind) {
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
  const [first, ...others] = filters
  const usesFirst = first !== undefined && !first.startsWith('+')
  // An action is of one kind, which its index does not have.
  const isOfKind = first?.startsWith('action') ? [] : [`is_read = ${kind === 'read' ? 1 : 0}`]
  const range = [
    ...isOfKind,
    ...(from === undefined ? [] : ['at >= :from']),
    ...(to === undefined ? [] : ['at < :to']),
  ]
  return usesFirst
    ? { scanned: [first, ...range], checked: others.map(unindexed) }
    : { scanned: range, checked: filters }
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
