import { notDue } from '../../webhooks/not-due.ts'
import { plannedEachTime, type Queries } from '../connection/queries.ts'
import { isPending } from './is-pending.ts'

/** The deliveries of one person to one webhook, which are made in order. */
export interface DeliveryStream {
  readonly webhookId: string
  readonly personId: string
}

/**
 * The first pending delivery of each stream. Rows of the person that were given up may come before it.
 *
 * @param streams a table with `person_id` and `webhook_id`
 */
export const headsOf = (
  streams: string,
): string => `select p.*, h.* from (select distinct * from ${streams}) p
  cross join lateral (select x.seq, x.lease_until from webhook_deliveries x
    where x.person_id = p.person_id and x.webhook_id = p.webhook_id and ${isPending('x')}
    order by x.seq limit 1) h`
const heads = headsOf('unnest($1::text[], $2::text[]) as p(person_id, webhook_id)')

const goOn = plannedEachTime(`with h as materialized (${heads}),
  d as materialized (select x.seq from webhook_deliveries x join h on h.seq = x.seq
    where x.due_at > $3 for no key update of x skip locked)
  update webhook_deliveries x set due_at = $3 from d where x.seq = d.seq`)

/**
 * Lets the next delivery of each person wait no longer. One that another transaction has locked is not waited for: it is being
 * sent or deleted, or that transaction has locked the one before it first, which the caller has settled.
 */
export async function letGoOn(
  queries: Queries,
  streams: readonly DeliveryStream[],
  now: number,
): Promise<void> {
  if (streams.length > 0) await queries.run(goOn, [...columnsOf(streams), now])
}

export interface PostponedStream extends DeliveryStream {
  /** Ms since the epoch. */
  readonly at: number
}

const postponed = 'unnest($1::text[], $2::text[], $3::bigint[]) as p(person_id, webhook_id, at)'
const postpone = plannedEachTime(`with h as materialized (${headsOf(postponed)}),
  d as materialized (select x.seq, h.at from webhook_deliveries x join h on h.seq = x.seq
    for no key update of x skip locked)
  update webhook_deliveries x
    set due_at = case when x.due_at = ${notDue} then d.at else greatest(x.due_at, d.at) end
  from d where x.seq = d.seq`)

/** Lets the first delivery of each person be due at a time at the earliest. */
export async function postponeHeads(
  queries: Queries,
  streams: readonly PostponedStream[],
): Promise<void> {
  const times = streams.map(({ at }) => at)
  if (streams.length > 0) await queries.run(postpone, [...columnsOf(streams), times])
}

const leases = plannedEachTime(`select person_id as "personId", webhook_id as "webhookId",
    lease_until as at from (${heads}) h where lease_until is not null`)

/** When the attempts end that are under way at first deliveries. */
export const leasesOf = (
  queries: Queries,
  streams: readonly DeliveryStream[],
): Promise<PostponedStream[]> => queries.all<PostponedStream>(leases, columnsOf(streams))

const columnsOf = (streams: readonly DeliveryStream[]): [string[], string[]] => [
  streams.map(({ personId }) => personId),
  streams.map(({ webhookId }) => webhookId),
]
