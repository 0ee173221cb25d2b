import {
  type AppState,
  type DayRange,
  dayName,
  dayNumber,
  numberOfDay,
  type Overview,
  type StatisticsStore,
} from '@mianmi/core/admin'
import { between, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { dailyCounts, wechatCounts } from '../schema.ts'

/** Counting a million people blocks the only thread for tens of ms, so counts are cached for this many ms. */
const cacheMs = 30_000

/** @param appIds the configured appids */
export function createStatisticsStore(
  database: Database,
  appIds: readonly string[],
): StatisticsStore {
  const { orm, flush } = database
  const [from, to] = [sql.placeholder('from'), sql.placeholder('to')]
  const actions = orm
    .select({
      day: dailyCounts.day,
      action: dailyCounts.action,
      outcome: dailyCounts.outcome,
      count: sql<number>`sum(${dailyCounts.count})`,
    })
    .from(dailyCounts)
    .where(between(dailyCounts.day, from, to))
    .groupBy(dailyCounts.day, dailyCounts.action, dailyCounts.outcome)
    .prepare()
  const wechatAnswers = orm
    .select({
      appId: wechatCounts.appId,
      api: wechatCounts.api,
      errcode: wechatCounts.errcode,
      count: sql<number>`sum(${wechatCounts.count})`,
      meanMs: sql<number>`1.0 * sum(${wechatCounts.sumMs}) / sum(${wechatCounts.count})`,
      maxMs: sql<number>`max(${wechatCounts.maxMs})`,
    })
    .from(wechatCounts)
    .where(between(wechatCounts.day, from, to))
    .groupBy(wechatCounts.appId, wechatCounts.api, wechatCounts.errcode)
    // By the count, the fourth column.
    .orderBy(sql`4 desc`, wechatCounts.appId, wechatCounts.api, wechatCounts.errcode)
    .prepare()
  return {
    actions: async (range) => {
      // Includes events that are not written yet.
      flush()
      return actions
        .all(numbersOf(range))
        .map(({ day: number, ...counts }) => ({ day: dayName(number), ...counts }))
    },
    wechat: async (range) =>
      wechatAnswers.all(numbersOf(range)).map(({ errcode, ...sums }) => ({
        errcode: errcode === '' ? null : Number(errcode),
        ...sums,
      })),
    totals: cachedCount(prepareTotals(database)),
    apps: prepareApps(database, appIds),
  }
}

const numbersOf = ({ from, to }: DayRange) => ({ from: numberOfDay(from), to: numberOfDay(to) })

/** Caches the result for `cacheMs`. Concurrent callers share one count. */
function cachedCount<T>(count: (now: number) => Promise<T>): (now: number) => Promise<T> {
  let last: { at: number; result: Promise<T> } | null = null
  return (now) => {
    if (last === null || now - last.at >= cacheMs || now < last.at) {
      last = { at: now, result: count(now) }
      // A failed count is not cached.
      last.result.catch(() => {
        last = null
      })
    }
    return last.result
  }
}

/** Lets other work of the event loop run between two counts. */
const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function prepareTotals({ sqlite }: Pick<Database, 'sqlite'>) {
  const counter = (tableAndFilter: string) => {
    const statement = sqlite.prepare<[], number>(`select count(*) from ${tableAndFilter}`).pluck()
    return async (): Promise<number> => {
      await yieldToEventLoop()
      return statement.get() ?? 0
    }
  }
  const users = counter('users')
  // Merged users are kept for a day for the undo and do not count.
  const merged = counter('users where merged_into is not null')
  const disabled = counter('users where disabled_at is not null')
  const mergedAndDisabled = counter(
    'users where merged_into is not null and disabled_at is not null',
  )
  const identities = counter('identities')
  const conflicts = counter('unionid_conflicts')
  const sessions = sqlite
    .prepare<[number], number>('select count(*) from sessions where expires_at > ?')
    .pluck()
  return async (now: number): Promise<Overview['totals']> => ({
    users: (await users()) - (await merged()),
    disabled: (await disabled()) - (await mergedAndDisabled()),
    identities: await identities(),
    sessions: sessions.get(now) ?? 0,
    conflicts: await conflicts(),
  })
}

function prepareApps(
  { sqlite, flush }: Pick<Database, 'sqlite' | 'flush'>,
  appIds: readonly string[],
): StatisticsStore['apps'] {
  const identities = sqlite
    .prepare<[string], number>('select count(*) from identities where app_id = ?')
    .pluck()
  const signIns = sqlite.prepare<[number], Omit<AppState, 'identities'>>(
    `select app_id as appId, max(last_at) as lastSignInAt,
       coalesce(sum(count) filter (where day = ?), 0) as signInsToday
     from daily_counts
     where action in ('sign_in', 'bind', 'register') and outcome in ('ok', 'new_user') and app_id <> ''
     group by app_id`,
  )
  const count = cachedCount(async () => {
    const bound = new Map<string, number>()
    for (const appId of appIds) {
      await yieldToEventLoop()
      bound.set(appId, identities.get(appId) ?? 0)
    }
    return bound
  })
  return async (now) => {
    const bound = await count(now)
    flush()
    const signInsByApp = new Map(signIns.all(dayNumber(now)).map((app) => [app.appId, app]))
    return appIds.map((appId) => ({
      appId,
      identities: bound.get(appId) ?? 0,
      signInsToday: signInsByApp.get(appId)?.signInsToday ?? 0,
      lastSignInAt: signInsByApp.get(appId)?.lastSignInAt ?? null,
    }))
  }
}
