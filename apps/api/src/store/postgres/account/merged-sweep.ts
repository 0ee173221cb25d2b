import { Failure } from '@mianmi/core'
import { undoTime } from '@mianmi/core/admin'
import type { PostgresDatabase } from '../database.ts'
import { isolateForRemoval, removeUsers } from './removal.ts'

/** Upper limit of merged users that are removed at a time. */
const sweepSize = 2
/** Time in ms, of the clock of the service, between two looks for merges that other nodes made. */
const lookEveryMs = 1_000
const shortenEveryMs = 60_000

/**
 * Removes merged users whose merge can no longer be undone. A sign-in calls it after its own transaction; most calls need
 * no statement.
 */
export function createMergedSweep(database: PostgresDatabase): (now: number) => Promise<void> {
  const { reads, writes, clock } = database
  let lookedAt = 0
  let shortenedAt = 0
  /** When the merge ends that is the next one to end, as far as is known. */
  let nextEnd = 0
  const sweep = async (now: number): Promise<void> => {
    lookedAt = now
    const { earliest, latest } = clock.observe(now)
    if (Math.abs(now - shortenedAt) >= shortenEveryMs) {
      shortenedAt = now
      await writes.run(shorten, [latest + undoTime])
    }
    const merged = await reads.all<{ id: string; until: number }>(nextMerged)
    const expired = merged.slice(0, sweepSize).filter(({ until }) => until <= earliest)
    nextEnd = merged[expired.length]?.until ?? Number.POSITIVE_INFINITY
    for (const { id } of expired) await removeExpired(database, id, earliest)
  }
  return async (now) => {
    // Also looks at once after the clock was set back.
    if (now < nextEnd && Math.abs(now - lookedAt) < lookEveryMs) return
    try {
      await sweep(now)
    } catch (error) {
      // The call for which it runs has succeeded; the users are still there for the next sweep.
      if (!(error instanceof Failure)) throw error
    }
  }
}

const removeExpired = (database: PostgresDatabase, id: string, now: number): Promise<void> =>
  database.transaction([], async (tx) => {
    const removed = await isolateForRemoval(tx, id)
    // Another node may have removed the user, or an administrator undone the merge.
    if ((await tx.first(isExpired, [id, now])) !== null) await removeUsers(tx, database, removed)
  })

const nextMerged = `select id, merged_until as until from users where merged_until is not null
  order by merged_until limit ${sweepSize + 1}`
const isExpired = 'select 1 as found from users where id = $1 and merged_until <= $2'
/** A merge that can be undone for longer than `undoTime` was made by a clock that was ahead. */
const shorten = `update users set merged_until = $1 where id in (
  select id from users where merged_until > $1 order by id for update skip locked)`
