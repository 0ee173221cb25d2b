import { Failure } from '@mianmi/core'
import type { Postgres } from './connection/index.ts'

/** Upper limit of expired rows that are deleted at a time. */
const sweepSize = 200

/** Time in ms, of the clock of the rows, without another sweep after one that found no more rows. */
const idleMs = 1_000

/**
 * Deletes expired rows: rows with time ≤ the given time, at most once a second unless there are more. Call it after a
 * write to the table. Several nodes skip one another's rows instead of waiting for them.
 */
export function createSweep(
  { writes }: Pick<Postgres, 'writes'>,
  { table, key, time }: { table: string; key: string; time: string },
): (before: number) => Promise<void> {
  const text = `delete from ${table} where (${key}) in (
    select ${key} from ${table} where ${time} <= $1 limit ${sweepSize} for update skip locked)`
  let sweptUntil = 0
  return async (before) => {
    // Also sweeps at once after the clock was set back.
    if (Math.abs(before - sweptUntil) < idleMs) return
    sweptUntil = before
    try {
      if ((await writes.run(text, [before])) === sweepSize) sweptUntil = 0
    } catch (error) {
      // The call for which it runs has succeeded; the rows are still there for the next sweep.
      if (!(error instanceof Failure)) throw error
    }
  }
}
