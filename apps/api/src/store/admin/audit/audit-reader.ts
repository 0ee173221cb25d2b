import { setImmediate } from 'node:timers/promises'
import { Failure } from '@mianmi/core'
import type { AuditLine, AuditQuery, AuditReader } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { prepareOnce } from '../statements.ts'

/** Lines of an index that one step looks at; what bounds the time in which nobody else is served. */
const budget = 5_000

/** Where a walk stands: behind this line, or at the newest. */
interface Place {
  readonly at: number
  readonly id: number
}

const columns = `id, at, action, outcome, user_id as userId, operator_id as adminId,
  app_id as appId, address, device`
const inOrder = 'order by at desc, id desc'

export function createAuditReader(database: Pick<Database, 'sqlite' | 'flush'>): AuditReader {
  const { all, get } = prepareOnce(database)

  /** The next lines of the best index, as a condition, and the last of them; null where those are all. */
  const stepFrom = (query: AuditQuery, place: Place | null) => {
    const { walked, checked } = conditionsOf(query)
    const rows = [...walked, ...(place === null ? [] : ['(at, id) < (:at, :id)'])]
    const values = { ...query, ...place }
    const end = get<Place>(
      `select at, id from audit_events where ${rows.join(' and ')} ${inOrder}
       limit 1 offset ${budget - 1}`,
      values,
    )
    if (end === undefined) return { where: [...rows, ...checked].join(' and '), values, end: null }
    const where = [...rows, '(at, id) >= (:endAt, :endId)', ...checked].join(' and ')
    return { where, values: { ...values, endAt: end.at, endId: end.id }, end }
  }
  return {
    list: async ({ cursor, limit, ...query }) => {
      // Whoever asks sees what has just happened, too.
      database.flush()
      const { where, values, end } = stepFrom(query, cursor === undefined ? null : placeOf(cursor))
      const found = all<AuditLine>(
        `select ${columns} from audit_events where ${where} ${inOrder} limit :limit`,
        { ...values, limit: limit + 1 },
      )
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : end
      return { items, next: last ? writeCursor([last.at, last.id]) : null }
    },
    count: async (query) => {
      let count = 0
      let place: Place | null = null
      do {
        const { where, values, end } = stepFrom(query, place)
        const counted = `select count(*) as count from audit_events where ${where}`
        count += get<{ count: number }>(counted, values)?.count ?? 0
        place = end
        if (place !== null) await setImmediate()
      } while (place !== null)
      return count
    },
  }
}

/**
 * What is walked along the index that has the fewest of its lines, and what is checked on the way. Nearly all
 * lines are sign-ins that went well, which two of the indexes leave out: those are walked by their time.
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
  const walksFirst = first !== undefined && !first.startsWith('+')
  return walksFirst
    ? { walked: [first, ...range], checked: others.map(unindexed) }
    : { walked: ['true', ...range], checked: filters }
}

/** The same condition, which SQLite then looks up in no index. */
const unindexed = (condition: string): string => condition.replace(/^(?!\+)/, '+')

/** @throws Failure `invalid_input` where it is none of ours */
function placeOf(cursor: string): Place {
  const [at, id] = readCursor(cursor)
  if (typeof at !== 'number' || typeof id !== 'number')
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { at, id }
}
