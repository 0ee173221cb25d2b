import { type AuditEvent, dayNumber } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import { compile } from '../compile.ts'
import type { Database } from '../database.ts'
import { dailyCounts } from '../desk/schema.ts'

/**
 * Counts an event of the audit log; to be called in the transaction that writes it, so that the counts are
 * exact and are there when the lines are gone.
 *
 * @param appIds the configured ones: an appid that a caller made up must not make a row
 */
export function prepareDailyCounts(
  { orm, sqlite }: Pick<Database, 'orm' | 'sqlite'>,
  appIds: readonly string[],
): (event: AuditEvent) => void {
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
        count: 1,
        lastAt: sql.placeholder('at'),
      })
      .onConflictDoUpdate({
        target: [dailyCounts.day, dailyCounts.action, dailyCounts.outcome, dailyCounts.appId],
        set: { count: sql`${dailyCounts.count} + 1`, lastAt: sql`excluded.last_at` },
      }),
  )
  return ({ at, action, outcome, appId, newUser }) =>
    void add.run({
      day: dayNumber(at),
      action,
      outcome: newUser === true && outcome === 'ok' ? 'new_user' : outcome,
      appId: appId !== null && known.has(appId) ? appId : '',
      at,
    })
}
