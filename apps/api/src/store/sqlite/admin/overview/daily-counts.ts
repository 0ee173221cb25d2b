import type { AuditEvent } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import { sumDailyCounts } from '../../../admin/overview/sum-daily-counts.ts'
import { compileStatement } from '../../compile-statement.ts'
import type { Database } from '../../database.ts'
import { dailyCounts } from '../schema.ts'

/**
 * Counts events of the audit log by day. Call it in the transaction that writes the events, so that the counts are
 * exact and outlive the log. One statement for all equal events.
 *
 * @param appIds the configured appids: an appid that a caller invented must not create a row
 */
export function prepareDailyCounts(
  { orm, sqlite }: Pick<Database, 'orm' | 'sqlite'>,
  appIds: readonly string[],
): { add(events: readonly AuditEvent[]): void } {
  const configured = new Set(appIds)
  const addSum = compileStatement(
    sqlite,
    orm
      .insert(dailyCounts)
      .values({
        day: sql.placeholder('day'),
        action: sql.placeholder('action'),
        outcome: sql.placeholder('outcome'),
        appId: sql.placeholder('appId'),
        count: sql.placeholder('count'),
        lastAt: sql.placeholder('lastAt'),
      })
      .onConflictDoUpdate({
        target: [dailyCounts.day, dailyCounts.action, dailyCounts.outcome, dailyCounts.appId],
        set: {
          count: sql`${dailyCounts.count} + excluded.count`,
          lastAt: sql`excluded.last_at`,
        },
      }),
  )
  return {
    add(events) {
      for (const sum of sumDailyCounts(events, configured)) addSum.run(sum)
    },
  }
}
