import { keptEventTypes } from '@mianmi/core'
import type { FannedOutEvent } from '../../webhooks/outbox-row.ts'
import type { Queries } from '../connection/queries.ts'

/** Those of one person that wait for a failed delivery are due with it. `max` would read the index of `due_at`. */
const dueWithOthers = `(select e.due_at from webhook_deliveries e where e.person_id = n.person_id
    and e.webhook_id = w.id and e.dead_at is null order by e.seq desc limit 1)`
const kept = keptEventTypes.map((type) => `'${type}'`).join(', ')

/** One delivery for each event and webhook that asks for it, in this order. */
const insert = `insert into webhook_deliveries
    (event_id, webhook_id, type, person_id, user_id, body, occurred_at, pending_since, due_at)
  select n.event_id, w.id, n.type, n.person_id, n.user_id, n.body, n.at, n.at,
    greatest(n.not_before, ${dueWithOthers})
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
    with ordinality as n(event_id, type, person_id, user_id, body, at, not_before, place)
  join webhooks w on position(' ' || n.type || ' ' in ' ' || w.events || ' ') > 0
    and (w.disabled_at is null or n.type in (${kept}))
  order by n.place, w.id`

/** Call it in a transaction that holds the lock of the fan-out: the numbers of the deliveries are their order. */
export async function insertDeliveries(
  queries: Queries,
  events: readonly FannedOutEvent[],
): Promise<void> {
  if (events.length === 0) return
  const column = <T>(of: (event: FannedOutEvent) => T): T[] => events.map(of)
  await queries.run(insert, [
    column(({ eventId }) => eventId),
    column(({ type }) => type),
    column(({ personId }) => personId),
    column(({ userId }) => userId),
    column(({ body }) => body),
    column(({ at }) => at),
    column(({ notBefore }) => notBefore),
  ])
}
