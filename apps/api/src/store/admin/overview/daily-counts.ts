import type { AuditEvent } from '@mianmi/core'
import { dayNumber } from '@mianmi/core/admin'
import { sql } from 'drizzle-orm'
import { compile } from '../../compile.ts'
import type { Database } from '../../database.ts'
import { dailyCounts } from '../schema.ts'

type Sum = Required<typeof dailyCounts.$inferInsert>

/**
 * Counts events of the audit log; to be called in the transaction that writes them, so that the counts are
 * exact and are there when the lines are gone. One statement for all that are alike.
 *
 * @param appIds the configured ones: an appid that a caller made up must not make a row
 */
export function prepareDailyCounts(
  { orm, sqlite }: Pick<Database, 'orm' | 'sqlite'>,
  appIds: readonly string[],
): (events: readonly AuditEvent[]) => void {
  const known = new Set(appIds)
  const add = compile(
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
  return (events) => {
    const sums = new Map<string, Sum>()
    for (const event of events) {
      const { at: lastAt, action } = event
      const day = dayNumber(lastAt)
      const outcome = event.newUser === true && event.outcome === 'ok' ? 'new_user' : event.outcome
      const appId = event.appId !== null && known.has(event.appId) ? event.appId : ''
      const key = `${day} ${action} ${outcome} ${appId}`
      const sum = sums.get(key)
      if (sum === undefined) sums.set(key, { day, action, outcome, appId, count: 1, lastAt })
      else {
        sum.count += 1
        sum.lastAt = lastAt
      }
    }
    for (const sum of sums.values()) add.run(sum)
  }
}
