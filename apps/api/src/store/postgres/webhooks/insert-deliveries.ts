import type { WebhookDeliveryType } from '@mianmi/core'
import type { Queries } from '../connection/queries.ts'

export interface NewDelivery {
  readonly eventId: string
  readonly webhookId: string
  readonly type: WebhookDeliveryType
  readonly personId: string
  readonly userId: string | null
  readonly body: string
  readonly occurredAt: number
  /** When it is due at the earliest. */
  readonly dueAt: number
}

/** Those of one person that wait for a failed one are due with it. */
const insert = `insert into webhook_deliveries
    (event_id, webhook_id, type, person_id, user_id, body, occurred_at, pending_since, due_at)
  select n.event_id, n.webhook_id, n.type, n.person_id, n.user_id, n.body, n.at, n.at,
    greatest(n.due_at, (select max(e.due_at) from webhook_deliveries e
      where e.person_id = n.person_id and e.webhook_id = n.webhook_id and e.dead_at is null))
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::bigint[]) with ordinality
    as n(event_id, webhook_id, type, person_id, user_id, body, at, due_at, place)
  order by n.place`

/** Inserts deliveries in this order. Call it at the end of a transaction, when its rows are locked. */
export async function insertDeliveries(
  queries: Queries,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const column = <T>(of: (delivery: NewDelivery) => T): T[] => deliveries.map(of)
  await queries.run(insert, [
    column(({ eventId }) => eventId),
    column(({ webhookId }) => webhookId),
    column(({ type }) => type),
    column(({ personId }) => personId),
    column(({ userId }) => userId),
    column(({ body }) => body),
    column(({ occurredAt }) => occurredAt),
    column(({ dueAt }) => dueAt),
  ])
}
