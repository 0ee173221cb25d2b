import { planPart, type RoutedWebhook, routedColumns } from '../../webhooks/fan-out-part.ts'
import { type OutboxRow, readOutboxRow } from '../../webhooks/outbox-row.ts'
import { plannedEachTime, type Queries } from '../connection/queries.ts'
import { insertDeliveries } from './insert-deliveries.ts'

/**
 * Most deliveries of one part, whose transaction others wait for: a deletion, a merge and a change of webhooks need its lock. It
 * takes a small part of the time limit of a lock, also on a busy machine.
 */
export const mostDeliveries = 1_000
/** Most rows that are read for one part, and about how many characters of events. */
const [mostRows, mostCharacters] = [250, 250_000]

/** Any numbers that nothing else in the database locks. */
const [lockNumber, turnNumber] = [7_216_004_213, 7_216_004_214]
const lock = `select pg_advisory_xact_lock(${lockNumber})`
/** Fan-outs wait for one another in a queue of their own, so what needs the lock waits for one of them at most. */
const lockAfterOthers = `select pg_advisory_xact_lock(${turnNumber}), pg_advisory_xact_lock(${lockNumber})`

const routed = `select ${routedColumns} from webhooks order by id`
/**
 * A row with a lower id may be committed after one with a higher id, so there is no mark up to which all are fanned out: each
 * that is seen is taken.
 */
const oldest =
  plannedEachTime(`with o as materialized (select id, at, events, users from webhook_outbox
    where at > 0 and id <= $1 order by id limit ${mostRows}),
  s as materialized (select *, sum(length(events)) over (order by id) - length(events) as before from o)
  select id, at, events, users from s where before < ${mostCharacters} order by id`)
const remove = plannedEachTime('delete from webhook_outbox where id = any($1::bigint[])')
const leave = plannedEachTime('update webhook_outbox set events = $2 where id = $1')
const setAside = plannedEachTime(`update webhook_outbox o set at = -o.at, events = n.events
  from unnest($1::bigint[], $2::text[]) as n(id, events) where o.id = n.id`)

/**
 * Locks the fan-out until the end of the transaction, as the last of its locks. Two at once would number the deliveries of one
 * user out of order, and a deletion must not miss what another transaction is fanning out. No transaction that holds it waits
 * for anything but deliveries.
 */
export const lockFanOut = async (queries: Queries): Promise<void> => void (await queries.run(lock))

/** As `lockFanOut`, after the other fan-outs. */
export const lockInTurn = async (queries: Queries): Promise<void> =>
  void (await queries.run(lockAfterOthers))

/** The highest id of the rows that wait now; null where none does. */
export const newestWaiting = async (queries: Queries): Promise<number | null> =>
  (await queries.first<{ id: number }>(newest))?.id ?? null
const newest = plannedEachTime(
  'select id from webhook_outbox where at > 0 order by id desc limit 1',
)

/**
 * Locks the fan-out and fans out everything that was written before. To be called before a change of the webhooks that ask for
 * events, after `fanOutBefore`, so that the lock is held for a moment.
 */
export async function fanOutRest(queries: Queries): Promise<void> {
  await lockFanOut(queries)
  const upTo = await newestWaiting(queries)
  if (upTo === null) return
  while ((await fanOutPart(queries, upTo)).isMore);
}

/** Fans out the oldest rows up to an id. Returns whether there may be more. */
export async function fanOutPart(queries: Queries, upTo: number) {
  const webhooks = await queries.all<RoutedWebhook>(routed)
  const rows = (await queries.all<OutboxRow>(oldest, [upTo])).map(readOutboxRow)
  const part = planPart(rows, webhooks, mostDeliveries)
  await insertDeliveries(queries, part.events)
  if (part.done.length > 0) await queries.run(remove, [part.done])
  const ids = part.setAside.map(({ id }) => id)
  if (ids.length > 0) await queries.run(setAside, [ids, part.setAside.map(({ events }) => events)])
  if (part.rest !== null) await queries.run(leave, [part.rest.id, part.rest.events])
  const isAllRead = part.done.length + part.setAside.length === rows.length
  const last = rows.at(-1)?.id ?? upTo
  return { isMore: !isAllRead || last < upTo, setAside: ids }
}
