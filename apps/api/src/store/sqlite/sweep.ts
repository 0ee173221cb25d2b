import { sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Database } from './database.ts'

/**
 * Upper limit of expired rows that are deleted with one new row. It is above one, so that a table shrinks faster
 * than it grows.
 */
const sweepSize = 20

/** Time in ms, of the clock of the rows, without another sweep after one that found no more rows. */
const idleMs = 1_000

/**
 * Prepares the deletion of expired rows: rows with time ≤ the given time. Call it inside a
 * transaction.
 */
export function prepareSweep(
  { orm }: Pick<Database, 'orm'>,
  table: SQLiteTable,
  { key, time }: { key: SQLiteColumn; time: SQLiteColumn },
): (before: number) => void {
  const expiredKeys = sql`select ${key} from ${table} where ${time} <= ${sql.placeholder('before')} limit ${sweepSize}`
  const sweep = orm.delete(table).where(sql`${key} in (${expiredKeys})`).prepare()
  let sweptUntil = 0
  return (before) => {
    // Also sweeps at once after the clock was set back.
    if (Math.abs(before - sweptUntil) < idleMs) return
    if (sweep.run({ before }).changes < sweepSize) sweptUntil = before
  }
}
