import { Failure } from '@mianmi/core'
import type { PeopleFilter } from '@mianmi/core/admin'
import { readCursor, writeCursor } from '../../../admin/cursor.ts'
import type { Queries } from '../../connection/index.ts'
import { type PersonRow, personColumns } from './people-rows.ts'
import {
  bind,
  conditionsOf,
  foundByEarlierSource,
  type NamedValues,
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

interface ScannedRow extends PersonRow, RowKey {}

/** A page of people. The source with the fewest rows is scanned, and every other filter is a condition. */
export async function readPeoplePage(
  queries: Queries,
  filter: PeopleFilter,
): Promise<{ rows: readonly PersonRow[]; next: string | null }> {
  const plans = queryPlans(filter)
  const start = filter.cursor === undefined ? null : positionOf(filter.cursor, plans)
  const plan =
    start === null
      ? await findSmallest(queries, plans, valuesOf(filter))
      : plans.find((each) => each.includes(start.source))
  const rows: ScannedRow[] = []
  let position = start ?? startOf(plan, 0)
  while (position !== null) {
    const { source } = position
    const wanted = filter.limit - rows.length
    const { matches, end } = await scan(queries, { position, filter, limit: wanted + 1 })
    rows.push(...matches.slice(0, wanted))
    const last = rows.at(-1)
    // One row more than requested was found: the next page starts with it.
    if (matches.length > wanted && last) return { rows, next: cursorOf(source, last) }
    if (end !== null) return { rows, next: cursorOf(source, end) }
    position = startOf(plan, (plan?.indexOf(source) ?? 0) + 1)
  }
  return { rows, next: null }
}

/** The number of rows of each plan, counted up to the limit of a page. */
async function findSmallest(
  queries: Queries,
  plans: (readonly PeopleSource[])[],
  values: NamedValues,
): Promise<readonly PeopleSource[] | undefined> {
  const [only] = plans
  if (plans.length <= 2) return only
  // The last plan scans all users, so it is never the smallest.
  const sized = plans.slice(0, -1)
  const sizes = sized.map(
    (plan) =>
      `(${plan
        .map(
          ({ from, where }) =>
            `(select count(*) from (select 1 from ${from} where ${where} limit ${maxRowsPerPage}) r)`,
        )
        .join(' + ')})`,
  )
  const [row] = await queries.arrays<number[]>(...bind(`select ${sizes.join(', ')}`, values))
  const smallest = Math.min(...(row ?? []))
  return sized[row?.indexOf(smallest) ?? 0]
}

/** Scans the next rows of a source; `end` is null when they were the last. */
async function scan(
  queries: Queries,
  {
    position: { source, row },
    filter,
    limit,
  }: { position: ScanPosition; filter: PeopleFilter; limit: number },
): Promise<{ matches: ScannedRow[]; end: RowKey | null }> {
  const { from, where, first, second, order } = source
  const [before, after] = order === 'desc' ? ['<', '>='] : ['>', '<=']
  const key = second === null ? first : `(${first}, ${second})`
  const keyOf = (one: string, other: string) => (second === null ? one : `(${one}, ${other})`)
  const columns = `${first} as first, ${second ?? "''"} as second`
  const rows = [where, ...(row === null ? [] : [`${key} ${before} ${keyOf(':first', ':second')}`])]
  const values = { ...valuesOf(filter), ...row }
  const orderBy = `order by ${first} ${order}${second === null ? '' : `, ${second} ${order}`}`
  const [end = null] = await queries.all<RowKey>(
    ...bind(
      `select ${columns} from ${from} where ${rows.join(' and ')} ${orderBy}
       limit 1 offset ${maxRowsPerPage - 1}`,
      values,
    ),
  )
  const excluded = foundByEarlierSource(source)
  const conditions = [
    ...rows,
    ...(end === null ? [] : [`${key} ${after} ${keyOf(':endFirst', ':endSecond')}`]),
    ...conditionsOf(filter),
    ...(excluded === null ? [] : [excluded]),
  ]
  const join = from === 'users' ? '' : 'join users on users.id = identities.user_id'
  const matches = await queries.all<ScannedRow>(
    ...bind(
      `select ${personColumns}, ${columns} from ${from} ${join}
       where ${conditions.join(' and ')} ${orderBy} limit :limit`,
      { ...values, limit, endFirst: end?.first, endSecond: end?.second },
    ),
  )
  return { matches, end }
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
  const hasKey = first !== undefined && typeof second === 'string'
  // PostgreSQL compares a time with no text.
  const isTime = source !== undefined && source.order === 'desc'
  if (source === undefined || !hasKey || isTime !== (typeof first === 'number'))
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { source, row: { first, second } }
}
