import { dayNumber } from '@mianmi/core/admin'
import { sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { wechatCounts } from '../schema.ts'

/** How one request to WeChat ended; `errcode` is null when no complete answer came. */
export interface WechatRequestOutcome {
  readonly appId: string
  readonly path: string
  readonly errcode: number | null
  readonly durationMs: number
}

export interface WechatCounter {
  /** Counts in memory. What is not written yet is lost when the process is killed. */
  add(answer: WechatRequestOutcome): void
  /** Writes the counts at once. */
  close(): void
}

/** How long counts stay in memory, in ms: one write for all of them instead of one for each. */
const writeInterval = 3_000

type WechatCount = typeof wechatCounts.$inferInsert

/** Counts WeChat's answers by day, app, API and errcode. */
export function createWechatCounter(
  { orm, write, writeNow }: Database,
  { now, onError }: { now: () => number; onError: (error: unknown) => void },
): WechatCounter {
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
  let unwritten = new Map<string, WechatCount>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Empties the memory and returns a function that writes its counts. */
  const takeCounts = (): (() => void) => {
    clearTimeout(timer)
    timer = undefined
    const sums = [...unwritten.values()]
    unwritten = new Map()
    return () => {
      for (const sum of sums) add.run({ ...sum })
    }
  }
  const flush = (): void => void write(takeCounts()).catch(onError)
  return {
    add(answer) {
      const sum = countOf(answer, dayNumber(now()))
      const key = `${sum.day} ${sum.appId} ${sum.api} ${sum.errcode}`
      unwritten.set(key, mergeCounts(unwritten.get(key), sum))
      timer ??= setTimeout(flush, writeInterval).unref()
    },
    close() {
      if (unwritten.size === 0) return
      try {
        writeNow(takeCounts())
      } catch (error) {
        onError(error)
      }
    },
  }
}

function countOf(
  { appId, path: api, errcode, durationMs }: WechatRequestOutcome,
  day: number,
): WechatCount {
  const ms = Math.round(durationMs)
  return { day, appId, api, errcode: String(errcode ?? ''), count: 1, sumMs: ms, maxMs: ms }
}

function mergeCounts(a: WechatCount | undefined, b: WechatCount): WechatCount {
  if (a === undefined) return b
  return {
    ...b,
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
  }
}
