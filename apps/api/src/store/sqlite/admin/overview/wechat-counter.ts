import { sql } from 'drizzle-orm'
import type { WechatCounter } from '../../../admin/overview/wechat-counter.ts'
import { createWechatSums, type WechatCount } from '../../../admin/overview/wechat-sums.ts'
import { createAtFirstUse } from '../../at-first-use.ts'
import type { Database } from '../../database.ts'
import { wechatCounts } from '../schema.ts'

/** Counts WeChat's answers by day, app, API and errcode. */
export function createWechatCounter(
  database: Database,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
): WechatCounter & { readonly flush: () => void } {
  const { write, writeNow } = database
  const counts = createAtFirstUse(() => prepareCounts(database))
  const writeAll = (taken: readonly WechatCount[]) => (): void => {
    for (const sum of taken) counts.add.run({ ...sum })
  }
  const sums = createWechatSums({
    now,
    onDue: () => void write(writeAll(sums.take())).catch(onError),
  })
  return {
    add: sums.add,
    flush() {
      const taken = sums.take()
      if (taken.length === 0) return
      try {
        writeNow(writeAll(taken))
      } catch (error) {
        onError(error)
      }
    },
  }
}

function prepareCounts({ orm }: Pick<Database, 'orm'>) {
  const add = orm
    .insert(wechatCounts)
    .values({
      day: sql.placeholder('day'),
      appId: sql.placeholder('appId'),
      api: sql.placeholder('api'),
      errcode: sql.placeholder('errcode'),
      count: sql.placeholder('count'),
      sumMs: sql.placeholder('sumMs'),
      maxMs: sql.placeholder('maxMs'),
    })
    .onConflictDoUpdate({
      target: [wechatCounts.day, wechatCounts.appId, wechatCounts.api, wechatCounts.errcode],
      set: {
        count: sql`${wechatCounts.count} + excluded.count`,
        sumMs: sql`${wechatCounts.sumMs} + excluded.sum_ms`,
        maxMs: sql`max(${wechatCounts.maxMs}, excluded.max_ms)`,
      },
    })
    .prepare()
  return { add }
}
