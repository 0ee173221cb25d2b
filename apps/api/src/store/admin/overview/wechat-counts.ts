import { dayNumber } from '@mianmi/core/admin'
import { sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { wechatCounts } from '../schema.ts'

/** How one request to WeChat ended; `errcode` is null where no whole answer came. */
export interface WechatAnswer {
  readonly appId: string
  readonly path: string
  readonly errcode: number | null
  readonly durationMs: number
}

export interface WechatTally {
  /** Counts in memory; what is not written yet is lost where the process is killed. */
  add(answer: WechatAnswer): void
  /** Writes what was counted, at once. */
  close(): void
}

/** How long an answer waits in memory, in ms: one write for all of them instead of one for each. */
const writeEvery = 3_000

type Sum = typeof wechatCounts.$inferInsert

/** Counts WeChat's answers by day, app, API and errcode. */
export function createWechatTally(
  { orm, write, writeNow }: Database,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
): WechatTally {
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
  let waiting = new Map<string, Sum>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** What to write, counted no longer as waiting. */
  const take = (): (() => void) => {
    clearTimeout(timer)
    timer = undefined
    const sums = [...waiting.values()]
    waiting = new Map()
    return () => {
      for (const sum of sums) add.run({ ...sum })
    }
  }
  const flush = (): void => void write(take()).catch(onError)
  return {
    add(answer) {
      const sum = sumOf(answer, dayNumber(now()))
      const key = `${sum.day} ${sum.appId} ${sum.api} ${sum.errcode}`
      waiting.set(key, together(waiting.get(key), sum))
      timer ??= setTimeout(flush, writeEvery).unref()
    },
    close() {
      if (waiting.size === 0) return
      try {
        writeNow(take())
      } catch (error) {
        onError(error)
      }
    },
  }
}

function sumOf({ appId, path: api, errcode, durationMs }: WechatAnswer, day: number): Sum {
  const ms = Math.round(durationMs)
  return { day, appId, api, errcode: String(errcode ?? ''), count: 1, sumMs: ms, maxMs: ms }
}

function together(a: Sum | undefined, b: Sum): Sum {
  if (a === undefined) return b
  return {
    ...b,
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
  }
}
