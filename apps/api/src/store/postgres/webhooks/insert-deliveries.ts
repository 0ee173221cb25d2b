import type { RoutedEvent } from '../../webhooks/fan-out-part.ts'
import { notDue } from '../../webhooks/not-due.ts'
import { plannedEachTime, type Queries } from '../connection/queries.ts'
import { isPending } from './is-pending.ts'

/**
 * Locks the last pending delivery of each person to a webhook, so that what comes after it is there when it is over. A statement
 * of its own: it reads no row that this part writes, and each look-up ends at the first row of the index. It locks in the order of
 * `seq`, and so that the delivery can be leased and made due meanwhile.
 */
const lockLast = plannedEachTime(`with l as materialized (
    select d.seq from unnest($1::text[], $2::text[]) as n(person_id, webhook_id)
    cross join lateral (select e.seq from webhook_deliveries e where e.person_id = n.person_id
      and e.webhook_id = n.webhook_id and ${isPending('e')} order by e.seq desc limit 1) d)
  select x.person_id as "personId", x.webhook_id as "webhookId" from webhook_deliveries x
  where x.seq in (select seq from l) and ${isPending('x')} order by x.seq for key share of x`)

const insert = `insert into webhook_deliveries
    (event_id, webhook_id, type, person_id, user_id, body, occurred_at, pending_since, due_at)
  select e.event_id, n.webhook_id, e.type, e.person_id, e.user_id, e.body, e.at, e.at, n.due_at
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
      with ordinality as e(event_id, type, person_id, user_id, body, at, event)
    join unnest($7::int[], $8::text[], $9::bigint[]) with ordinality as n(event, webhook_id, due_at, place)
      on n.event = e.event
  order by n.place`

/** Call it in a transaction that holds the lock of the fan-out: the numbers of the deliveries are their order. */
export async function insertDeliveries(
  queries: Queries,
  events: readonly RoutedEvent[],
): Promise<void> {
  if (events.length === 0) return
  const column = <T>(of: (event: RoutedEvent) => T): T[] => events.map(of)
  const deliveries = await scheduleDeliveries(queries, events)
  await queries.run(insert, [
    column(({ eventId }) => eventId),
    column(({ type }) => type),
    column(({ personId }) => personId),
    column(({ userId }) => userId),
    column(({ body }) => body),
    column(({ at }) => at),
    deliveries.map(({ event }) => event),
    deliveries.map(({ webhookId }) => webhookId),
    deliveries.map(({ dueAt }) => dueAt),
  ])
}

interface ScheduledDelivery {
  /** The place of its event, from 1 on. */
  readonly event: number
  readonly webhookId: string
  readonly dueAt: number
}

async function scheduleDeliveries(
  queries: Queries,
  events: readonly RoutedEvent[],
): Promise<readonly ScheduledDelivery[]> {
  const streams = new Map(
    events.flatMap(({ personId, webhookIds }) =>
      webhookIds.map((webhookId) => [keyOf(personId, webhookId), { personId, webhookId }]),
    ),
  )
  const found = await queries.all<{ personId: string; webhookId: string }>(lockLast, [
    [...streams.values()].map(({ personId }) => personId),
    [...streams.values()].map(({ webhookId }) => webhookId),
  ])
  const hasPending = new Set(found.map(({ personId, webhookId }) => keyOf(personId, webhookId)))
  return events.flatMap(({ personId, webhookIds, at, notBefore }, index) =>
    webhookIds.map((webhookId) => {
      const key = keyOf(personId, webhookId)
      const dueAt = hasPending.has(key) ? notDue : Math.max(at, notBefore)
      hasPending.add(key)
      return { event: index + 1, webhookId, dueAt }
    }),
  )
}

const keyOf = (personId: string, webhookId: string): string => `${webhookId} ${personId}`
