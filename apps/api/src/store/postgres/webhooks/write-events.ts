import type { WebhookEvent } from '@mianmi/core'
import { readOutboxRow, usersToRead } from '../../webhooks/outbox-row.ts'
import type { Queries } from '../connection/queries.ts'
import { fanOutAll } from './fan-out.ts'
import { insertDeliveries } from './insert-deliveries.ts'

export interface QueuedEvent {
  readonly event: WebhookEvent
  readonly userId: string
  readonly personId: string
}

/** What a transaction has to write. */
export interface Queue {
  events: QueuedEvent[]
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
  events: readonly WebhookEvent[],
  at: number,
): Promise<void> {
  const ids = usersToRead(events)
  const row = [at, JSON.stringify(events)]
  await (ids.length === 0 ? queries.run(append, row) : queries.run(appendWithUsers, [...row, ids]))
}

/**
 * In the order of `seq`, in which every statement locks several deliveries. Without a merge and its undo, a receiver would
 * not know whether the other user went with the deleted one. They have ids and nothing else, so they are sent even when the
 * merged user has been swept; other events only while their user exists.
 */
const drop = `with d as materialized (
    select seq from webhook_deliveries x
    where (person_id = any($1::text[]) and (user_id = any($1::text[])
        or case when type in ('user.merged', 'user.unmerged') then dead_at is not null
           else not exists (select from users u where u.id = x.user_id) end))
      or (user_id = any($1::text[]) and user_id <> person_id)
    order by seq for update)
  delete from webhook_deliveries x using d where x.seq = d.seq returning x.lease_until as until`
const join = `with d as materialized (
    select seq from webhook_deliveries where person_id = $1 order by seq for update)
  update webhook_deliveries x set person_id = $2 from d where x.seq = d.seq`
const readUsers = `select ${users} as users from users where id = any($1::text[])`

/**
 * Drops and joins what is to be sent, and writes the deliveries of the events themselves, which come after it. Nothing is
 * believed here of the webhooks: what a deletion did not drop would be sent after it.
 */
export async function writeDeliveries(
  queries: Queries,
  { events, dropped, joined }: Queue,
  at: number,
): Promise<boolean> {
  if ((await queries.run('select 1 from webhooks limit 1')) === 0) return false
  await fanOutAll(queries)
  const leases =
    dropped.length === 0 ? [] : await queries.all<{ until: number | null }>(drop, [dropped])
  const notBefore = Math.max(at, ...leases.map(({ until }) => until ?? 0))
  for (const { from, to } of joined) await queries.run(join, [from, to])
  const ids = usersToRead(events.map(({ event }) => event))
  const read = await queries.first<{ users: string | null }>(readUsers, [ids])
  const sent = events.flatMap(({ event, personId }) => {
    const row = { at, events: JSON.stringify([event]), users: read?.users ?? null }
    const order = { personId, ...(event.type === 'user.deleted' && { notBefore }) }
    return readOutboxRow(row).map((each) => ({ ...each, ...order }))
  })
  await insertDeliveries(queries, sent)
  return true
}
