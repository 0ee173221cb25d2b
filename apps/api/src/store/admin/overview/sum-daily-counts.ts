import type { AuditEvent } from '@mianmi/core'
import { dayNumber } from '@mianmi/core/admin'

/** A row of `daily_counts`. */
export type DailyCount = {
  readonly day: number
  readonly action: string
  /** The outcome of the event; `new_user` for a sign-in that made one. */
  readonly outcome: string
  /** Empty for none, and for one that is not configured. */
  readonly appId: string
  count: number
  lastAt: number
}

/**
 * Sums equal events of the audit log by day.
 *
 * @param configured the configured appids: an appid that a caller invented must not create a row
 */
export function sumDailyCounts(
  events: readonly AuditEvent[],
  configured: ReadonlySet<string>,
): readonly DailyCount[] {
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
  return [...sums.values()]
}

/** The calls of a line with a number are counted one by one, and a change that has started when it has ended. */
export const isCounted = ({ outcome, count }: AuditEvent): boolean =>
  outcome !== 'started' && count === undefined
