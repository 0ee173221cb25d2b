import { Failure } from '@mianmi/core'
import type { PeopleFilter } from '@mianmi/core/admin'
import { readCursor, writeCursor } from '../../../admin/cursor.ts'
import type { Queries } from '../../connection/index.ts'
import { type PersonRow, personColumns } from './people-rows.ts'
import {
  bind,
  conditionsOf,
  foundEarlier,
  type NamedValues,
  type PeopleSource,
  queryPlans,
  valuesOf,
} from './query-plans.ts'

/**
 * Rows that one statement scans in the order of an index. For so few PostgreSQL follows the index; for thousands it may
 * prefer to read and sort everything that a search finds.
 */
const scanSize = 500
/** Upper limit of scans for one page, which bounds its time when few rows match. */
const maxScansPerPage = 6
/** The sizes of plans are counted so far: a plan with fewer rows is read to its end by one page. */
const maxCounted = scanSize * maxScansPerPage

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
  let lastSource: PeopleSource | null = null
  let position = start ?? startOf(plan, 0)
  for (let scans = 1; position !== null; scans++) {
    const { source } = position
    const wanted = filter.limit - rows.length
    const { matches, end } = await scan(queries, { position, filter, limit: wanted + 1 })
    rows.push(...matches.slice(0, wanted))
    if (wanted > 0 && matches.length > 0) lastSource = source
    const last = rows.at(-1)
    // One row more than requested was found: the next page starts after the last one, which may be of an earlier source.
    if (matches.length > wanted && last && lastSource)
      return { rows, next: cursorOf(lastSource, last) }
    if (end !== null && scans >= maxScansPerPage) return { rows, next: cursorOf(source, end) }
    position = end === null ? startOf(plan, (plan?.indexOf(source) ?? 0) + 1) : { source, row: end }
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
          ({ from, where, first, order }) =>
            `(select count(*) from (select 1 from ${from} where ${where}
               order by ${first} ${order} limit ${maxCounted}) r)`,
        )
        .join(' + ')})`,
  )
  const [row] = await queries.arrays<number[]>(...bind(`select ${sizes.join(', ')}`, values))
  const smallest = Math.min(...(row ?? []))
  return sized[row?.indexOf(smallest) ?? 0]
}

/**
 * Scans the next rows of a source; `end` is null when they were the last. The conditions are checked on these rows alone:
 * PostgreSQL would otherwise read an index of theirs where it expects few rows.
 */
async function scan(
  queries: Queries,
  {
    position: { source, row },
    filter,
    limit,
  }: { position: ScanPosition; filter: PeopleFilter; limit: number },
): Promise<{ matches: ScannedRow[]; end: RowKey | null }> {
  const { from, where, first, second, order } = source
  const after = order === 'desc' ? '<' : '>'
  const [key, position] =
    second === null ? [first, ':first'] : [`(${first}, ${second})`, '(:first, :second)']
  const rows = [where, ...(row === null ? [] : [`${key} ${after} ${position}`])]
  const conditions = [...conditionsOf(filter), ...foundEarlier(source)]
  const orderBy = `order by ${first} ${order}${second === null ? '' : `, ${second} ${order}`}`
  // Users are scanned with their rows. Rows of another table are joined to their users, each by its key.
  const [scanned, id, joined] =
    from === 'users'
      ? ['users', 'users.*', 'scanned as users']
      : ['scanned', `${from}.user_id as id`, `scanned ${ownRow}`]
  const columns = `${personColumns}, ${scanned}.place, first, second`
  const found = await queries.all<
    ScannedRow & { readonly place: number; readonly isMatch: boolean }
  >(
    ...bind(
      `with scanned as materialized (
         select ${id}, ${first} as first, ${second ?? "''"} as second, row_number() over (${orderBy}) as place
         from ${from} where ${rows.join(' and ')} ${orderBy} limit ${scanSize})
       (select ${columns}, true as "isMatch" from ${joined}
         where ${conditions.join(' and ')} order by ${scanned}.place limit :limit)
       union all select ${columns}, false from ${joined} where ${scanned}.place = ${scanSize}`,
      { ...valuesOf(filter), ...row, limit },
    ),
  )
  return {
    matches: found.filter(({ isMatch }) => isMatch),
    end: found.find(({ isMatch }) => !isMatch) ?? null,
  }
}

/** `offset 0` keeps conditions out of the subquery, so that each row is read by its key. */
const ownRow = `cross join lateral (
  select * from users where users.id = scanned.id offset 0) as users`

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
  const isTime = source?.first.endsWith('_at')
  if (source === undefined || !hasKey || isTime !== (typeof first === 'number'))
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { source, row: { first, second } }
}
