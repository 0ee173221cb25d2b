import { type AskedForNames, askedForColumns, isAskedFor } from '../../webhooks/asked-for.ts'
import {
  type ChangedRow,
  dropFromRows,
  joinInRows,
  othersInOrderOf,
} from '../../webhooks/change-rows.ts'
import { type OutboxRow, type StoredEvent, usersToRead } from '../../webhooks/outbox-row.ts'
import { plannedEachTime, type Queries } from '../connection/queries.ts'
import { lockFanOut } from './fan-out.ts'
import { type DeliveryStream, postponeHeads } from './going-on.ts'

/** What a transaction has to write. */
export interface Queue {
  events: StoredEvent[]
  readonly dropped: string[]
  readonly joined: { readonly from: string; readonly to: string }[]
}

const append = 'insert into webhook_outbox (at, events) values ($1, $2)'
const users = `json_agg(json_build_array(id, external_id, role))::text`
const appendWithUsers = `insert into webhook_outbox (at, events, users)
  select $1, $2, ${users} from users where id = any($3::text[])`

/** Writes events as one row, without a look at webhooks: this is what a sign-in pays for them. */
export async function appendEvents(
  queries: Queries,
  events: readonly StoredEvent[],
  at: number,
): Promise<void> {
  const ids = usersToRead(events)
  const row = [at, JSON.stringify(events)]
  await (ids.length === 0 ? queries.run(append, row) : queries.run(appendWithUsers, [...row, ids]))
}

/**
 * In the order of `seq`, in which every statement locks several deliveries; also what is left in the order of the users, because
 * the first of it is then made due. Without a merge and its undo, a receiver would
 * not know whether the other user went with the deleted one. They have ids and nothing else, so they are sent even when the
 * merged user has been swept; other events only while their user exists.
 */
const drop = plannedEachTime(`with d as materialized (
    select seq from webhook_deliveries where seq in (
      select seq from webhook_deliveries where person_id = any($1::text[])
      union all
      select seq from webhook_deliveries
      where user_id = any($1::text[]) and user_id <> person_id)
    order by seq for update)
  delete from webhook_deliveries x using d where x.seq = d.seq and (x.user_id = any($1::text[])
    or case when x.type in ('user.merged', 'user.unmerged') then x.dead_at is not null
       else not exists (select from users u where u.id = x.user_id) end)
  returning x.person_id as "personId", x.webhook_id as "webhookId", x.lease_until as until`)
const join = plannedEachTime(`with d as materialized (
    select seq from webhook_deliveries where person_id = $1 order by seq for update)
  update webhook_deliveries x set person_id = $2 from d where x.seq = d.seq`)

/**
 * Drops and joins what is to be sent, also what waits for the fan-out, and writes the events, which come after it. Nothing is
 * believed here of the webhooks: what a deletion did not drop would be sent after it.
 */
export async function writeWithChanges(
  queries: Queries,
  { events, dropped, joined }: Queue,
  at: number,
): Promise<boolean> {
  const names = await queries.first<AskedForNames>(askedFor)
  if (names === null || (names.enabled ?? names.disabled) === null) return false
  await lockFanOut(queries)
  const notBefore = dropped.length === 0 ? at : ((await dropAll(queries, dropped, at)) ?? at)
  for (const each of joined) {
    await queries.run(join, [each.from, each.to])
    await changeRows(queries, joinInRows(await rowsNaming(queries, [each.from]), each))
  }
  const wanted = events
    .filter(({ type }) => isAskedFor(names, type))
    .map((event) =>
      event.type === 'user.deleted'
        ? { ...event, order: { ...ownOrder(event), notBefore } }
        : event,
    )
  if (wanted.length > 0) await appendEvents(queries, wanted, at)
  return wanted.length > 0
}

const askedFor = `select ${askedForColumns} from webhooks`

const ownOrder = ({ userId, order }: StoredEvent) => order ?? { personId: userId }

/** Returns when the last attempt ends that is under way; null where none is. What is left in the order of the users waits for it. */
async function dropAll(
  queries: Queries,
  userIds: readonly string[],
  at: number,
): Promise<number | null> {
  const gone = await queries.all<DeliveryStream & { until: number | null }>(drop, [userIds])
  const until = gone.reduce((latest, row) => Math.max(latest, row.until ?? 0), at)
  const notBefore = until > at ? until : null
  await postponeHeads(
    queries,
    gone.map((stream) => ({ ...stream, at: until })),
  )
  const rows = await rowsNaming(queries, userIds)
  const others = othersInOrderOf(rows, userIds)
  const existing =
    others.length === 0 ? [] : await queries.all<{ id: string }>(existingUsers, [others])
  const isGone = (id: string): boolean => existing.every((user) => user.id !== id)
  await changeRows(
    queries,
    dropFromRows(rows, { userIds, goneIds: others.filter(isGone), notBefore }),
  )
  return notBefore
}

const existingUsers = 'select id from users where id = any($1::text[])'

/**
 * Ids are random, so a row that has one as a part of another text has it by chance, which changes nothing. Of a row that was
 * fanned out in part, the users alone may name one.
 */
const naming = plannedEachTime(`select id, at, events, users from webhook_outbox where exists (
  select from unnest($1::text[]) as n(id)
  where position(n.id in events) > 0 or position(n.id in users) > 0) order by id`)
const rowsNaming = (queries: Queries, userIds: readonly string[]): Promise<OutboxRow[]> =>
  queries.all<OutboxRow>(naming, [userIds])

const change = plannedEachTime(`update webhook_outbox o set events = n.events, users = n.users
  from unnest($1::bigint[], $2::text[], $3::text[]) as n(id, events, users) where o.id = n.id`)
const remove = plannedEachTime('delete from webhook_outbox where id = any($1::bigint[])')

/** Call it in a transaction that holds the lock of the fan-out. */
async function changeRows(queries: Queries, rows: readonly ChangedRow[]): Promise<void> {
  const changed = rows.flatMap(({ id, content }) => (content === null ? [] : [{ id, ...content }]))
  const emptied = rows.filter(({ content }) => content === null).map(({ id }) => id)
  if (emptied.length > 0) await queries.run(remove, [emptied])
  if (changed.length === 0) return
  await queries.run(change, [
    changed.map(({ id }) => id),
    changed.map(({ events }) => events),
    changed.map(({ users: known }) => known),
  ])
}
