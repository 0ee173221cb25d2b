import {
  type ActionCount,
  type AppState,
  dayName,
  dayNumber,
  numberOfDay,
  type StatisticsStore,
} from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'

/** Counting millions of rows costs the database a second, so counts are kept for this many ms. */
const keptMs = 30_000

interface StatisticsOptions {
  readonly reads: Queries
  /** The configured appids. */
  readonly appIds: readonly string[]
  /** Writes what this node has counted. Of other nodes the last 25 ms may be missing, and WeChat's answers of 3 s. */
  readonly flush: () => Promise<void>
}

export function createStatisticsStore({
  reads,
  appIds,
  flush,
}: StatisticsOptions): StatisticsStore {
  return {
    actions: async ({ from, to }) => {
      await flush()
      const counts = await reads.all<Omit<ActionCount, 'day'> & { day: number }>(
        `select day, action, outcome, sum(count)::bigint as count from daily_counts
         where day between $1 and $2 group by day, action, outcome`,
        [numberOfDay(from), numberOfDay(to)],
      )
      return counts.map(({ day: number, ...rest }) => ({ day: dayName(number), ...rest }))
    },
    wechat: async ({ from, to }) => {
      await flush()
      const counts = await reads.all<WechatSum>(wechatAnswers, [numberOfDay(from), numberOfDay(to)])
      return counts.map(({ errcode, ...sums }) => ({
        errcode: errcode === '' ? null : Number(errcode),
        ...sums,
      }))
    },
    totals: keptCount(async (now) => {
      const found = await reads.first<Totals>(totals, [now])
      if (found === null) throw new Error('an aggregate has one row')
      return found
    }),
    apps: countApps({ reads, appIds, flush }),
  }
}

type Totals = Awaited<ReturnType<StatisticsStore['totals']>>
type WechatSum = Omit<Awaited<ReturnType<StatisticsStore['wechat']>>[number], 'errcode'> & {
  readonly errcode: string
}

const wechatAnswers = `select app_id as "appId", api, errcode, sum(count)::bigint as count,
  sum(sum_ms)::float8 / sum(count) as "meanMs", max(max_ms) as "maxMs"
from wechat_counts where day between $1 and $2 group by app_id, api, errcode
order by sum(count) desc, app_id, api, errcode`

/** Merged users are kept for a day for the undo and do not count. */
const totals = `select
  (select count(*) from users where merged_into is null) as users,
  (select count(*) from users where disabled_at is not null and merged_into is null) as disabled,
  (select count(*) from identities) as identities,
  (select count(*) from sessions where expires_at > $1) as sessions,
  (select count(*) from unionid_conflicts) as conflicts`

/** Keeps the result for `keptMs`. Callers at the same time share one count. */
function keptCount<T>(count: (now: number) => Promise<T>): (now: number) => Promise<T> {
  let last: { at: number; result: Promise<T> } | null = null
  return (now) => {
    if (last === null || now - last.at >= keptMs || now < last.at) {
      last = { at: now, result: count(now) }
      // A failed count is not kept.
      last.result.catch(() => {
        last = null
      })
    }
    return last.result
  }
}

const signIns = `select app_id as "appId", max(last_at) as "lastSignInAt",
  coalesce(sum(count) filter (where day = $1), 0)::bigint as "signInsToday"
from daily_counts
where action in ('sign_in', 'bind', 'register') and outcome in ('ok', 'new_user') and app_id <> ''
group by app_id`

function countApps({ reads, appIds, flush }: StatisticsOptions): StatisticsStore['apps'] {
  const count = keptCount(async () => {
    const rows = await reads.all<{ appId: string; count: number }>(
      `select app_id as "appId", count(*) as count from identities
       where app_id = any ($1::text[]) group by app_id`,
      [appIds],
    )
    return new Map(rows.map((row) => [row.appId, row.count]))
  })
  return async (now) => {
    const bound = await count(now)
    await flush()
    const rows = await reads.all<Omit<AppState, 'identities'>>(signIns, [dayNumber(now)])
    const signInsByApp = new Map(rows.map((app) => [app.appId, app]))
    return appIds.map((appId) => ({
      appId,
      identities: bound.get(appId) ?? 0,
      signInsToday: signInsByApp.get(appId)?.signInsToday ?? 0,
      lastSignInAt: signInsByApp.get(appId)?.lastSignInAt ?? null,
    }))
  }
}
