import type { RoutedEvent } from '../../webhooks/fan-out-part.ts'
import { plannedEachTime, type Queries } from '../connection/queries.ts'
import { isPending } from './is-pending.ts'

/**
 * When the last pending delivery of a person to a webhook is due. A statement of its own: it reads no row that this part writes,
 * and each look-up ends at the first row of the index.
 */
const findDue =
  plannedEachTime(`select n.person_id as "personId", n.webhook_id as "webhookId", d.due_at as "dueAt"
  from unnest($1::text[], $2::text[]) as n(person_id, webhook_id)
  cross join lateral (select e.due_at from webhook_deliveries e where e.person_id = n.person_id
    and e.webhook_id = n.webhook_id and ${isPending('e')} order by e.seq desc limit 1) d`)

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

/** Those of one person that wait for a failed delivery are due with it. */
async function scheduleDeliveries(
  queries: Queries,
  events: readonly RoutedEvent[],
): Promise<readonly ScheduledDelivery[]> {
  const streams = new Map(
    events.flatMap(({ personId, webhookIds }) =>
      webhookIds.map((webhookId) => [keyOf(personId, webhookId), { personId, webhookId }]),
    ),
  )
  const found = await queries.all<{ personId: string; webhookId: string; dueAt: number }>(findDue, [
    [...streams.values()].map(({ personId }) => personId),
    [...streams.values()].map(({ webhookId }) => webhookId),
  ])
  const lastDue = new Map(
    found.map(({ personId, webhookId, dueAt }) => [keyOf(personId, webhookId), dueAt]),
  )
  return events.flatMap(({ personId, webhookIds, at, notBefore }, index) =>
    webhookIds.map((webhookId) => {
      const key = keyOf(personId, webhookId)
      const dueAt = Math.max(at, notBefore, lastDue.get(key) ?? 0)
      lastDue.set(key, dueAt)
      return { event: index + 1, webhookId, dueAt }
    }),
  )
}

const keyOf = (personId: string, webhookId: string): string => `${webhookId} ${personId}`
