import { undoTime } from '@mianmi/core/admin'
import type { PostgresDatabase } from '../database.ts'
import { isolateForRemoval, removeUsers } from './removal.ts'

/** Upper limit of merged users that are removed at a time. */
const sweepSize = 2
/** Time in ms, of the clock of the service, between two looks. */
const idleMs = 1_000
const shortenEveryMs = 60_000

/**
 * Removes merged users whose merge can no longer be undone. A sign-in calls it after its own transaction.
 *
 * @returns sweeps, at most once a second of the given time
 */
export function createMergedSweep(database: PostgresDatabase): (now: number) => Promise<void> {
  const { reads, writes, transaction } = database
  let sweptAt = 0
  let shortenedAt = 0
  const removeExpired = (id: string, now: number): Promise<void> =>
    transaction([], async (tx) => {
      const removed = await isolateForRemoval(tx, id)
      if ((await tx.first(isExpired, [id, now])) === null) return
      await removeUsers(tx, database, removed)
    })
  return async (now) => {
    // Also at once after the clock was set back.
    if (Math.abs(now - sweptAt) < idleMs) return
    sweptAt = now
    if (Math.abs(now - shortenedAt) >= shortenEveryMs) {
      shortenedAt = now
      await writes.run(shorten, [now + undoTime])
    }
    const expired = await reads.all<{ id: string }>(findExpired, [now])
    for (const { id } of expired) await removeExpired(id, now)
    if (expired.length === sweepSize) sweptAt = 0
  }
}

const findExpired = `select id from users where merged_until <= $1
  order by merged_until limit ${sweepSize}`
const isExpired = 'select 1 as found from users where id = $1 and merged_until <= $2'
/** A merge that can be undone for longer than `undoTime` was made by a clock that was ahead. */
const shorten = `update users set merged_until = $1 where id in (
  select id from users where merged_until > $1 order by id for update skip locked)`
