import { isOpenWindow, type LimitedUse, type LimitStore, longestCall } from '@mianmi/core'
import {
  arrayParameter,
  createGroups,
  type Postgres,
  type Transaction,
} from '../connection/index.ts'
import { createSweep } from '../sweep.ts'
import {
  countUses,
  hashKey,
  kindOfUse,
  lockTimeoutOf,
  setLockTimeout,
  windowEnd,
} from './count-uses.ts'

type LimitedResult = { endsAt: number } | null

const spendMany = `with t as materialized (${setLockTimeout('$1')}),
  w as (select * from unnest(${arrayParameter('$2::text[]')},
    ${arrayParameter('$3::bigint[]')}) as w(limit_key, ends_at)),
  l as (${countUses('$4', '$5')})
  select w.limit_key, l.key is not null, x.ends_at
  from w left join l on l.key = w.limit_key left join limits x on x.key = w.limit_key`
const refund = `update limits set count = count - 1, ends_at = case when count = 1 then 0 else ends_at end
  where key = $1 and count > 0 and ends_at > $2 and ends_at <= $3`

/** Counters in fixed windows; a window starts with its first use. Nodes share them, so no use stays unwritten. */
export function createLimitStore(postgres: Postgres): LimitStore {
  const { writes, transaction } = postgres
  const sweep = createSweep(postgres, { table: 'limits', key: 'key', time: 'ends_at' })
  const spendOne = createSpendOne(postgres)
  return {
    isShared: true,
    async spend(...uses) {
      const [use] = uses
      if (use === undefined) return null
      const result =
        uses.length === 1 ? await spendOne(use) : await transaction([], (tx) => spendAll(tx, uses))
      await sweep(use.now)
      return result
    },
    async refund(...uses) {
      for (const { key, now, windowMs } of uses)
        await writes.run(refund, [hashKey(key), now, now + windowMs + longestCall])
    },
  }
}

function createSpendOne(postgres: Postgres): (use: LimitedUse) => Promise<LimitedResult> {
  const { writes, flights, limits } = postgres.attempts
  return createGroups<LimitedUse, LimitedResult>(postgres, {
    name: 'limits',
    flights: flights.writes,
    keysOf: ({ key }) => [key],
    kindOf: kindOfUse,
    async run(uses) {
      const [{ windowMs, limit } = { windowMs: 0, limit: 0 }] = uses
      const keys = uses.map(({ key }) => hashKey(key))
      const rows = await writes.arrays<[key: string, isCounted: boolean, endsAt: number | null]>(
        spendMany,
        [lockTimeoutOf(limits, uses.length), keys, uses.map(windowEnd), windowMs, limit],
      )
      const found = new Map(rows.map(([key, ...row]) => [key, row]))
      return uses.map((use, index) => {
        const [isCounted, endsAt = null] = found.get(keys[index] ?? '') ?? []
        return isCounted ? null : { endsAt: endsAt ?? windowEnd(use) }
      })
    },
  })
}

interface WindowRow {
  readonly key: string
  readonly count: number
  readonly endsAt: number
}

/** Counts each of the uses, or none of them. Their rows are locked in the order of the keys. */
async function spendAll(tx: Transaction, uses: readonly LimitedUse[]): Promise<LimitedResult> {
  tx.locking('limits')
  const keys = uses.map(({ key }) => hashKey(key))
  // A row whose window is over: it is there to be locked.
  await tx.run(
    `insert into limits (key, count, ends_at) select distinct key, 0, 0 from unnest($1::text[]) as w(key)
     order by key on conflict (key) do update set count = limits.count`,
    [keys],
  )
  const rows = await tx.all<WindowRow>(
    'select key, count, ends_at as "endsAt" from limits where key = any($1::text[])',
    [keys],
  )
  const windows = new Map(rows.map((row) => [row.key, row]))
  const openWindowOf = (index: number): WindowRow | null => {
    const [row, use] = [windows.get(keys[index] ?? ''), uses[index]]
    return row !== undefined && use !== undefined && isOpenWindow(row.endsAt, use) ? row : null
  }
  const ends = uses.flatMap(({ limit }, index) => {
    const window = openWindowOf(index)
    return window !== null && window.count >= limit ? [window.endsAt] : []
  })
  if (ends.length > 0) return { endsAt: Math.max(...ends) }
  for (const [index, use] of uses.entries()) {
    const window = openWindowOf(index) ?? { count: 0, endsAt: windowEnd(use) }
    const counted = { key: keys[index] ?? '', count: window.count + 1, endsAt: window.endsAt }
    windows.set(counted.key, counted)
    await tx.run('update limits set count = $2, ends_at = $3 where key = $1', [
      counted.key,
      counted.count,
      counted.endsAt,
    ])
  }
  return null
}
