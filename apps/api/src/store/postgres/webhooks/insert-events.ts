import { type WebhookEvent, webhookBodyParts } from '@mianmi/core'
import { newEventId } from '../../webhooks/new-event-id.ts'
import type { Queries } from '../connection/queries.ts'

export interface NewEvent {
  readonly event: WebhookEvent
  readonly personId: string
  readonly userId: string
  readonly at: number
  /** When it is due at the earliest. */
  readonly dueAt: number
}

/** Those of one person that wait for a failed delivery are due with it. `max` would read the index of `due_at`. */
const dueWithOthers = `(select e.due_at from webhook_deliveries e where e.person_id = n.person_id
    and e.webhook_id = w.id and e.dead_at is null order by e.seq desc limit 1)`

/**
 * One delivery for each event and enabled webhook that asks for it, in this order. Nothing is told about an administrator.
 * `known` says whether the external id is given; otherwise it is that of the user.
 */
const insert = `insert into webhook_deliveries
    (event_id, webhook_id, type, person_id, user_id, body, occurred_at, pending_since, due_at)
  select n.event_id, w.id, n.type, n.person_id, n.user_id,
    n.before || coalesce(to_json(case when n.known then n.external_id else u.external_id end)::text, 'null')
      || n.after,
    n.at, n.at, greatest(n.due_at, ${dueWithOthers})
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::boolean[], $10::bigint[], $11::bigint[]) with ordinality
    as n(event_id, type, subject, person_id, user_id, before, after, external_id, known, at, due_at, place)
  join webhooks w on w.disabled_at is null
    and position(' ' || n.type || ' ' in ' ' || w.events || ' ') > 0
  left join users u on u.id = n.subject
  where u.role is distinct from 'admin'
  order by n.place, w.id`

/** Writes events. Call it at the end of a transaction, when its rows are locked. Returns whether a webhook asks for one. */
export async function insertEvents(
  queries: Queries,
  events: readonly NewEvent[],
): Promise<boolean> {
  const column = <T>(of: (event: NewEvent) => T): T[] => events.map(of)
  const parts = events.map(({ event, at }) => webhookBodyParts(event, at))
  const written = await queries.run(insert, [
    column(newEventId),
    column(({ event }) => event.type),
    column(({ event }) => event.userId),
    column(({ personId }) => personId),
    column(({ userId }) => userId),
    parts.map(([before]) => before),
    parts.map(([, after]) => after),
    column(({ event }) => event.externalId ?? null),
    column(({ event }) => event.externalId !== undefined),
    column(({ at }) => at),
    column(({ dueAt }) => dueAt),
  ])
  return written > 0
}
