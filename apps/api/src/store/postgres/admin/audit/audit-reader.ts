import { type AuditKind, auditKindOf, Failure } from '@mianmi/core'
import type { AuditLine, AuditQuery, AuditReader } from '@mianmi/core/admin'
import { readCursor, writeCursor } from '../../../admin/cursor.ts'
import type { Queries } from '../../connection/index.ts'
import { chooseConditions, type Filters } from './line-conditions.ts'

/** Upper limit of index rows that one statement scans, so that none takes long. */
const maxRowsPerStep = 20_000

/** Position of a scan: after this row, or at the newest when null. */
interface ScanPosition {
  readonly at: number
  readonly id: number
}

/** Of a user who was deleted nothing but the pseudonym is known. */
const userOf = (column: string) =>
  `coalesce((select s.user_id from audit_subjects s where s.pseudonym = line.${column}), line.${column})`
const columns = `id, at, action, outcome, ${userOf('user_id')} as "userId",
  ${userOf('operator_id')} as "adminId", app_id as "appId", address, device, count`
const newestFirst = 'order by at desc, id desc'

interface AuditReaderOptions {
  readonly reads: Queries
  /** Writes the lines of this node. Of other nodes the last 25 ms may be missing. */
  readonly flush: () => Promise<void>
}

export function createAuditReader({ reads, flush }: AuditReaderOptions): AuditReader {
  /** The next rows of the best index, and the last of them; `end` is null for the last step. */
  const nextStep = async (query: Filters, kind: AuditKind, position: ScanPosition | null) => {
    const conditions = chooseConditions(query, kind, position)
    const { scanned, scannedValues, checked, values } = conditions
    const end = await reads.first<ScanPosition>(
      `select at, id from audit_events where ${scanned} ${newestFirst}
       limit 1 offset ${maxRowsPerStep - 1}`,
      scannedValues,
    )
    if (end === null) return { where: `${scanned}${checked}`, values, end }
    const [at, id] = [values.length + 1, values.length + 2]
    const where = `${scanned}${checked} and (at, id) >= ($${at}, $${id})`
    return { where, values: [...values, end.at, end.id], end }
  }
  const readStep = async (
    query: Filters,
    { kind, position, limit }: { kind: AuditKind; position: ScanPosition | null; limit: number },
  ) => {
    const { where, values, end } = await nextStep(query, kind, position)
    const lines = await reads.all<AuditLine>(
      `select ${columns} from audit_events as line where ${where} ${newestFirst}
       limit $${values.length + 1}`,
      [...values, limit],
    )
    return { lines, end }
  }
  return {
    list: async ({ cursor, limit, ...filters }) => {
      const position = cursor === undefined ? null : positionOf(cursor)
      await flush()
      const query = await withPseudonyms(reads, filters)
      const steps = []
      for (const kind of kindsOf(query))
        steps.push(await readStep(query, { kind, position, limit: limit + 1 }))
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
    count: async (filters) => {
      await flush()
      const query = await withPseudonyms(reads, filters)
      let count = 0
      for (const kind of kindsOf(query)) {
        let position: ScanPosition | null = null
        do {
          const { where, values, end } = await nextStep(query, kind, position)
          const text = `select count(*) as count from audit_events where ${where}`
          count += (await reads.first<{ count: number }>(text, values))?.count ?? 0
          position = end
        } while (position !== null)
      }
      return count
    },
  }
}

const byNewest = (a: ScanPosition, b: ScanPosition): number => b.at - a.at || b.id - a.id

/** The query with the ids that the lines have. */
async function withPseudonyms(reads: Queries, query: AuditQuery): Promise<Filters> {
  const { userId, adminId } = query
  const ids = [userId, adminId].filter((id) => id !== undefined)
  if (ids.length === 0) return query
  const subjects = await reads.all<{ userId: string; pseudonym: string }>(
    'select user_id as "userId", pseudonym from audit_subjects where user_id = any ($1::text[])',
    [ids],
  )
  const names = new Map(subjects.map((subject) => [subject.userId, subject.pseudonym]))
  return {
    ...query,
    ...(userId === undefined ? {} : { userId: names.get(userId) ?? userId }),
    ...(adminId === undefined ? {} : { adminId: names.get(adminId) ?? adminId }),
  }
}

/** The kinds of lines that can match: each is scanned by itself, because the indexes keep them apart. */
function kindsOf({ kind, action }: Filters): readonly AuditKind[] {
  const kinds = action === undefined ? (['change', 'read'] as const) : [auditKindOf(action)]
  return kinds.filter((each) => kind === undefined || kind === each)
}

/** @throws Failure `invalid_input` for a cursor that this store did not write */
function positionOf(cursor: string): ScanPosition {
  const [at, id] = readCursor(cursor)
  if (typeof at !== 'number' || typeof id !== 'number')
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { at, id }
}
