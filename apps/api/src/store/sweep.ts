import { sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Database } from './database.ts'

/** How many rows past their time a new one takes away with it: a table shrinks faster than it grows. */
const sweepSize = 20

/** After a sweep that found no more, this long is not looked again, in ms of the clock of the rows. */
const restMs = 1_000

/** Takes some of the rows away whose time is not after the given one; to be called inside a transaction. */
export function prepareSweep(
  { orm }: Pick<Database, 'orm'>,
  table: SQLiteTable,
  { key, time }: { key: SQLiteColumn; time: SQLiteColumn },
): (before: number) => void {
  const due = sql`select ${key} from ${table} where ${time} <= ${sql.placeholder('before')} limit ${sweepSize}`
  const sweep = orm.delete(table).where(sql`${key} in (${due})`).prepare()
  let swept = 0
  return (before) => {
    // A clock that was set back sweeps at once, too.
    if (Math.abs(before - swept) < restMs) return
    if (sweep.run({ before }).changes < sweepSize) swept = before
  }
}
