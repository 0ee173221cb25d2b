import { Failure } from '@mianmi/core'
import type { PeopleFilter } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { createStatementCache } from '../statement-cache.ts'
import { conditionsOf, foundBefore, queryPlans, type Source, valuesOf } from './query-plans.ts'

/** Rows of a source that one page looks at; what bounds its time where few of many fit. */
const budget = 5_000

/** Where a walk stands: behind this row of its source, or at the start of it. */
interface Place {
  readonly source: Source
  readonly row: Position | null
}

interface Position {
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
}

interface Found extends PersonRow, Position {}

export const personColumns = `users.id, users.account, users.phone, users.nickname,
  users.avatar_url as avatarUrl, users.role, users.created_at as createdAt,
  users.disabled_at as disabledAt`

/** Pages of people: the source with the fewest rows is walked, and every other filter is a condition. */
export function preparePeoplePages(database: Pick<Database, 'sqlite'>) {
  const { all, get } = createStatementCache(database)

  const sizeOf = (plan: readonly Source[], values: Record<string, unknown>): number =>
    plan
      .map(({ from, where }) => {
        const some = `select 1 from ${from} where ${where} limit ${budget}`
        return get<{ size: number }>(`select count(*) as size from (${some})`, values)?.size ?? 0
      })
      .reduce((sum, size) => sum + size, 0)

  const smallest = (plans: (readonly Source[])[], values: Record<string, unknown>) => {
    const [only] = plans
    if (plans.length <= 2) return only
    // Everyone is the last, and never fewer than some of them.
    const sized = plans.slice(0, -1).map((plan) => ({ plan, size: sizeOf(plan, values) }))
    return sized.reduce((least, next) => (next.size < least.size ? next : least)).plan
  }

  /** Looks at the next rows of a source; `end` is null where those were the last. */
  const walk = (place: Place, filter: PeopleFilter, limit: number) => {
    const { source, row } = place
    const { from, where, first, second, order } = source
    const [before, after] = order === 'desc' ? ['<', '>='] : ['>', '<=']
    const rows = [
      where,
      ...(row === null ? [] : [`(${first}, ${second}) ${before} (:first, :second)`]),
    ]
    const values = { ...valuesOf(filter), ...row }
    const inOrder = `order by ${first} ${order}, ${second} ${order}`
    const end = get<Position>(
      `select ${first} as first, ${second} as second from ${from}
       where ${rows.join(' and ')} ${inOrder} limit 1 offset ${budget - 1}`,
      values,
    )
    const known = foundBefore(source)
    const conditions = [
      ...rows,
      ...(end === undefined ? [] : [`(${first}, ${second}) ${after} (:endFirst, :endSecond)`]),
      ...conditionsOf(filter),
      ...(known === null ? [] : [known]),
    ]
    const join = from === 'users' ? '' : 'cross join users on users.id = user_id'
    const found = all<Found>(
      `select ${personColumns}, ${first} as first, ${second} as second from ${from} ${join}
       where ${conditions.join(' and ')} ${inOrder} limit :limit`,
      { ...values, limit, ...(end && { endFirst: end.first, endSecond: end.second }) },
    )
    return { found, end: end ?? null }
  }

  return (filter: PeopleFilter): { rows: readonly PersonRow[]; next: string | null } => {
    const plans = queryPlans(filter)
    const start = filter.cursor === undefined ? null : placeOf(filter.cursor, plans)
    const values = valuesOf(filter)
    const plan =
      start === null ? smallest(plans, values) : plans.find((each) => each.includes(start.source))
    const rows: Found[] = []
    let place = start ?? startOf(plan, 0)
    while (place !== null) {
      const { source } = place
      const missing = filter.limit - rows.length
      const { found, end } = walk(place, filter, missing + 1)
      rows.push(...found.slice(0, missing))
      const last = rows.at(-1)
      // One more than asked for was there: it begins the next page.
      if (found.length > missing && last) return { rows, next: cursorAt(source, last) }
      if (end !== null) return { rows, next: cursorAt(source, end) }
      place = startOf(plan, (plan?.indexOf(source) ?? 0) + 1)
    }
    return { rows, next: null }
  }
}

const startOf = (plan: readonly Source[] | undefined, at: number): Place | null => {
  const source = plan?.[at]
  return source === undefined ? null : { source, row: null }
}

const cursorAt = ({ name }: Source, { first, second }: Position): string =>
  writeCursor([name, first, second])

/** @throws Failure `invalid_input` where it is none of ours, or of other filters */
function placeOf(cursor: string, plans: (readonly Source[])[]): Place {
  const [name, first, second] = readCursor(cursor)
  const source = plans.flat().find((known) => known.name === name)
  if (source === undefined || first === undefined || typeof second !== 'string')
    throw new Failure('invalid_input', { detail: 'cursor' })
  return { source, row: { first, second } }
}
