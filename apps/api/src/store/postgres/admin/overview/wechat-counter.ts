import { dayNumber } from '@mianmi/core/admin'
import type { WechatRequestOutcome } from '../../../admin/overview/wechat-counter.ts'
import type { WechatCounter } from '../../../store.ts'
import type { Queries } from '../../connection/index.ts'

/** How long counts stay in memory, in ms: one statement for all of them instead of one for each. */
const writeInterval = 3_000

interface WechatCount {
  readonly day: number
  readonly appId: string
  readonly api: string
  readonly errcode: string
  readonly count: number
  readonly sumMs: number
  readonly maxMs: number
}

interface WechatCounterOptions {
  readonly writes: Queries
  readonly now: () => number
  /** Of the rows of this process, from 0 to 15. */
  readonly part: number
  readonly onError: (error: unknown) => void
}

/** Counts WeChat's answers by day, app, API and errcode. `flush` writes what is in memory; it never fails. */
export function createWechatCounter({
  writes,
  now,
  part,
  onError,
}: WechatCounterOptions): WechatCounter & { flush(): Promise<void> } {
  let unwritten = new Map<string, WechatCount>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const counts = sortedByKey(unwritten)
    unwritten = new Map()
    if (counts.length === 0) return
    try {
      await writes.run(add, [...columnsOf(counts), part])
    } catch (error) {
      onError(error)
    }
  }
  return {
    add(answer) {
      const count = countOf(answer, dayNumber(now()))
      const key = `${count.day} ${count.appId} ${count.api} ${count.errcode}`
      unwritten.set(key, mergeCounts(unwritten.get(key), count))
      timer ??= setTimeout(() => void flush(), writeInterval).unref()
    },
    flush,
  }
}

/** Two nodes that have the same part write the same rows at the same time: in one order. */
const sortedByKey = (counts: ReadonlyMap<string, WechatCount>): WechatCount[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count)

const add = `insert into wechat_counts as w
  (day, app_id, api, errcode, count, sum_ms, max_ms, part)
select n.*, $8 from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
  $7::bigint[]) as n(day, app_id, api, errcode, count, sum_ms, max_ms)
on conflict (day, app_id, api, errcode, part) do update set count = w.count + excluded.count,
  sum_ms = w.sum_ms + excluded.sum_ms, max_ms = greatest(w.max_ms, excluded.max_ms)`

const columnsOf = (counts: readonly WechatCount[]): unknown[] => [
  counts.map(({ day }) => day),
  counts.map(({ appId }) => appId),
  counts.map(({ api }) => api),
  counts.map(({ errcode }) => errcode),
  counts.map(({ count }) => count),
  counts.map(({ sumMs }) => sumMs),
  counts.map(({ maxMs }) => maxMs),
]

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
