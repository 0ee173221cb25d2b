import type { AuditEvent } from '@mianmi/core'
import { dayNumber } from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'

interface DailyCount {
  readonly day: number
  readonly action: string
  readonly outcome: string
  readonly appId: string
  count: number
  lastAt: number
}

/**
 * Counts events of the audit log by day, in the transaction that writes the events, so that the counts are exact and
 * outlive the log. One statement for all of them. The rows are written in the order of their keys, because two nodes that
 * have the same part write at the same time.
 *
 * @param settings.part of the rows of this process, from 0 to 15
 * @param settings.appIds the configured appids: an appid that a caller invented must not create a row
 */
export function createDailyCounts(settings: {
  readonly part: number
  readonly appIds: readonly string[]
}): (queries: Queries, events: readonly AuditEvent[]) => Promise<void> {
  const configured = new Set(settings.appIds)
  return async (queries, events) => {
    if (events.length === 0) return
    const sums = sumByDay(events, configured)
    await queries.run(
      `insert into daily_counts as d (day, action, outcome, app_id, part, count, last_at)
       select day, action, outcome, app_id, $7, count, last_at
       from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
         as n(day, action, outcome, app_id, count, last_at)
       on conflict (day, action, outcome, app_id, part) do update
       set count = d.count + excluded.count, last_at = excluded.last_at`,
      [
        sums.map(({ day }) => day),
        sums.map(({ action }) => action),
        sums.map(({ outcome }) => outcome),
        sums.map(({ appId }) => appId),
        sums.map(({ count }) => count),
        sums.map(({ lastAt }) => lastAt),
        settings.part,
      ],
    )
  }
}

function sumByDay(events: readonly AuditEvent[], configured: ReadonlySet<string>): DailyCount[] {
  const sums = new Map<string, DailyCount>()
  for (const event of events) {
    const { at: lastAt, action } = event
    const day = dayNumber(lastAt)
    const outcome = event.newUser === true && event.outcome === 'ok' ? 'new_user' : event.outcome
    const appId = event.appId !== null && configured.has(event.appId) ? event.appId : ''
    const key = `${day} ${action} ${outcome} ${appId}`
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { day, action, outcome, appId, count: 1, lastAt })
    else {
      sum.count += 1
      sum.lastAt = lastAt
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}
