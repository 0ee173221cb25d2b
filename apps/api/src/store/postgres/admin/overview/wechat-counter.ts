import { createWechatSums, type WechatCount } from '../../../admin/overview/wechat-sums.ts'
import type { WechatCounter } from '../../../store.ts'
import type { Queries } from '../../connection/index.ts'

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
  const flush = async (): Promise<void> => {
    const counts = sums.take()
    if (counts.length === 0) return
    try {
      await writes.run(add, [...columnsOf(counts), part])
    } catch (error) {
      onError(error)
    }
  }
  const sums = createWechatSums({ now, onDue: () => void flush() })
  return { add: sums.add, flush }
}

const add = `insert into wechat_counts as w (day, app_id, api, errcode, count, sum_ms, max_ms, part)
select n.*, $8::smallint from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[],
  $6::bigint[], $7::bigint[]) as n(day, app_id, api, errcode, count, sum_ms, max_ms)
on conflict (day, app_id, api, errcode, part) do update set count = w.count + excluded.count,
  sum_ms = w.sum_ms + excluded.sum_ms, max_ms = greatest(w.max_ms, excluded.max_ms)`

/** In the order of the keys: two nodes that have the same part write the same rows at the same time. */
function columnsOf(unsorted: readonly WechatCount[]): unknown[] {
  const keyOf = ({ day, appId, api, errcode }: WechatCount): string =>
    `${day} ${appId} ${api} ${errcode}`
  const counts = [...unsorted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return [
    counts.map(({ day }) => day),
    counts.map(({ appId }) => appId),
    counts.map(({ api }) => api),
    counts.map(({ errcode }) => errcode),
    counts.map(({ count }) => count),
    counts.map(({ sumMs }) => sumMs),
    counts.map(({ maxMs }) => maxMs),
  ]
}
