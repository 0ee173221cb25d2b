import type { AuditEvent } from '@mianmi/core'
import { sumDailyCounts } from '../../../admin/overview/sum-daily-counts.ts'

/**
 * SQL that counts events by day. Its six arrays are parameters from `$first` on, and the part of the process is the next
 * one: see `dailyCountValues`. It stands alone, or in a `with` where it may have a condition.
 */
export const addDailyCounts = (first: number, condition = 'true'): string => {
  const array = (offset: number, type: string): string => `$${first + offset}::${type}[]`
  const arrays = [array(0, 'bigint'), array(1, 'text'), array(2, 'text'), array(3, 'text')]
  return `insert into daily_counts as d (day, action, outcome, app_id, part, count, last_at)
  select n.day, n.action, n.outcome, n.app_id, $${first + 6}::smallint, n.count, n.last_at
  from unnest(${[...arrays, array(4, 'bigint'), array(5, 'bigint')].join(', ')})
    as n(day, action, outcome, app_id, count, last_at) where ${condition}
  on conflict (day, action, outcome, app_id, part) do update
  set count = d.count + excluded.count, last_at = excluded.last_at`
}

/**
 * The parameters of `addDailyCounts`, in the order of the keys: two nodes that have the same part write the same rows at
 * the same time.
 *
 * @param settings.part of the rows of this process, from 0 to 15
 * @param settings.appIds the configured apps
 */
export function dailyCountValues(
  events: readonly AuditEvent[],
  { part, appIds }: { readonly part: number; readonly appIds: ReadonlySet<string> },
): unknown[] {
  const keyOf = ({ day, action, outcome, appId }: (typeof sums)[number]): string =>
    `${day} ${action} ${outcome} ${appId}`
  const sums = [...sumDailyCounts(events, appIds)]
  sums.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return [
    sums.map(({ day }) => day),
    sums.map(({ action }) => action),
    sums.map(({ outcome }) => outcome),
    sums.map(({ appId }) => appId),
    sums.map(({ count }) => count),
    sums.map(({ lastAt }) => lastAt),
    part,
  ]
}
