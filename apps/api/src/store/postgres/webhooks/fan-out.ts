import { type OutboxRow, readOutboxRow } from '../../webhooks/outbox-row.ts'
import type { Queries } from '../connection/queries.ts'
import { insertDeliveries } from './insert-deliveries.ts'

/** Rows that are fanned out with one call. Twenty webhooks make thousands of deliveries of them. */
const partSize = 250

/** Any number that nothing else in the database locks. */
const lockNumber = 7_216_004_213
const lock = `select pg_advisory_xact_lock(${lockNumber})`

/**
 * A row with a lower id may be committed after one with a higher id, so there is no mark up to which all are fanned out: each
 * that is seen is taken.
 */
const take = `with t as materialized (
    select id from webhook_outbox order by id limit ${partSize})
  delete from webhook_outbox o using t where o.id = t.id returning o.id, o.at, o.events, o.users`

/**
 * Locks the fan-out until the end of the transaction, as the last of its locks. Two at once would number the deliveries of one
 * user out of order, and a deletion must not miss what another transaction is fanning out. No transaction that holds it waits
 * for anything but deliveries.
 */
const lockFanOut = async (queries: Queries): Promise<void> => void (await queries.run(lock))

/** Locks the fan-out and fans out the oldest rows. Returns whether there may be more. */
export async function fanOutPart(queries: Queries): Promise<boolean> {
  await lockFanOut(queries)
  const rows = await queries.all<OutboxRow & { readonly id: number }>(take)
  rows.sort((a, b) => a.id - b.id)
  await insertDeliveries(queries, rows.flatMap(readOutboxRow))
  return rows.length === partSize
}

/**
 * Locks the fan-out and fans out everything. To be called before a change of what the events mean: of the webhooks that ask
 * for them, and of the orders and the users of deliveries.
 */
export async function fanOutAll(queries: Queries): Promise<void> {
  while (await fanOutPart(queries));
}
