import { Failure } from '@mianmi/core'
import type { PeopleFilter } from '@mianmi/core/admin'
import { readCursor, writeCursor } from '../../../admin/cursor.ts'
import type { Database } from '../../database.ts'
import { createStatementCache } from '../statement-cache.ts'
import {
  conditionsOf,
  foundEarlier,
  type PeopleSource,
  queryPlans,
  valuesOf,
} from './query-plans.ts'

/** Upper limit of index rows that one page scans, which bounds its time when few rows match. */
const maxRowsPerPage = 5_000

/** Position of a scan: after this row of its source, or at the source's start. */
interface ScanPosition {
  readonly source: PeopleSource
  readonly row: RowKey | null
}

interface RowKey {
  readonly first: string | number
  readonly second: string
}

export interface PersonRow {
  readonly id: string
  readonly account: string | null
  readonly phone: string | null
  readonly nickname: string | null
  readonly avatarUrl: string | null
  readonly role: 'user' | 'admin'
  readonly createdAt: number
  readonly disabledAt: number | null
  readonly externalId: string | null
}

interface ScannedRow extends PersonRow, RowKey {}

export const personColumns = `users.id, users.account, users.phone, users.nickname,
  users.avatar_url as avatarUrl, users.role, users.created_at as createdAt,
  users.disabled_at as disabledAt, users.external_id as externalId`

/** Pages of people. The source with the fewest rows is scanned, and every other filter is a condition. */
export function preparePeoplePages(database: Pick<Database, 'sqlite'>) {
  const { all, get } = createStatementCache(database)

  const sizeOf = (plan: readonly PeopleSource[], values: Record<string, unknown>): number =>
    plan
      .map(({ from, where }) => {
        const limitedRows = `select 1 from ${from} where ${where} limit ${maxRowsPerPage}`
        return (
          get<{ size: number }>(`select count(*) as size from (${limitedRows})`, values)?.size ?? 0
        )
      })
      .reduce((sum, size) => sum + size, 0)

  const smallest = (plans: (readonly PeopleSource[])[], values: Record<string, unknown>) => {
    const [only] = plans
    if (plans.length <= 2) return only
    // The last plan scans all users, so it is never the smallest.
    const sized = plans.slice(0, -1).map((plan) => ({ plan, size: sizeOf(plan, values) }))
    return sized.reduce((least, next) => (next.size < least.size ? next : least)).plan
  }

  /** Scans the next rows of a source; `end` is null when they were the last. */
  const scan = (position: ScanPosition, filter: PeopleFilter, limit: number) => {
    const { source, row } = position
    const { from, where, first, second, order } = source
    const [before, after] = order === 'desc' ? ['<', '>='] : ['>', '<=']
    const rows = [
      where,
      ...(row === null ? [] : [`(${first}, ${second}) ${before} (:first, :second)`]),
    ]
    const values = { ...valuesOf(filter), ...row }
    const orderBy = `order by ${first} ${order}, ${second} ${order}`
    const end = get<RowKey>(
      `select ${first} as first, ${second} as second from ${from}
       where ${rows.join(' and ')} ${orderBy} limit 1 offset ${maxRowsPerPage - 1}`,
      values,
    )
    const conditions = [
      ...rows,
      ...(end === undefined ? [] : [`(${first}, ${second}) ${after} (:endFirst, :endSecond)`]),
      ...conditionsOf(filter),
      ...foundEarlier(source),
    ]
    const join = from === 'users' ? '' : 'cross join users on users.id = user_id'
    const matches = all<ScannedRow>(
      `select ${personColumns}, ${first} as first, ${second} as second from ${from} ${join}
       where ${conditions.join(' and ')} ${orderBy} limit :limit`,
      { ...values, limit, ...(end && { endFirst: end.first, endSecond: end.second }) },
    )
    return { matches, end: end ?? null }
  }

  return (filter: PeopleFilter): { rows: readonly PersonRow[]; next: string | null } => {
    const plans = queryPlans(filter)
    const start = filter.cursor === undefined ? null : positionOf(filter.cursor, plans)
    const values = valuesOf(filter)
    const plan =
      start === null ? smallest(plans, values) : plans.find((each) => each.includes(start.source))
    const rows: ScannedRow[] = []
    let lastSource: PeopleSource | null = null
    let position = start ?? startOf(plan, 0)
    while (position !== null) {
      const { source } = position
      const wanted = filter.limit - rows.length
      const { matches, end } = scan(position, filter, wanted + 1)
      rows.push(...matches.slice(0, wanted))
      if (wanted > 0 && matches.length > 0) lastSource = source
      const last = rows.at(-1)
      // One row more than requested was found: the next page starts after the last one, which may be of an earlier source.
      if (matches.length > wanted && last && lastSource)
        return { rows, next: cursorOf(lastSource, last) }
      if (end !== null) return { rows, next: cursorOf(source, end) }
      position = startOf(plan, (plan?.indexOf(source) ?? 0) + 1)
    }
    return { rows, next: null }
  }
}

const startOf = (plan: readonly PeopleSource[] | undefined, at: number): ScanPosition | null => {
  const source = plan?.[at]
  return source === undefined ? null : { source, row: null }
}

const cursorOf = ({ name }: PeopleSource, { first, second }: RowKey): string =>
  writeCursor([name, first, second])

/** @throws Failure `invalid_input` for a cursor that this store did not write, or of other filters */
function positionOf(cursor: string, plans: (readonly PeopleSource[])[]): ScanPosition {
  const [name, first, second] = readCursor(cursor)
  const source = plans.flat().find((each) => each.name === name)
  if (source === undefined || first === undefined || typeof second !== 'string')
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { source, row: { first, second } }
}
