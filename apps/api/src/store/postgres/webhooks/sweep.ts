import { deadRetention, longestPause, maxDead, maxPending } from '@mianmi/core'
import { type AgingWebhook, agingColumns, givenUpUntil } from '../../webhooks/aging.ts'
import { type Postgres, plannedEachTime, type Transaction } from '../connection/index.ts'
import { headsOf, letGoOn } from './going-on.ts'

/** Upper limit of deliveries that are given up or deleted with one call, of each kind. */
const sweepSize = 1_000
const mostParts = 50

/** Deletes what is kept for long enough. Several nodes skip one another's rows. */
export async function sweepDeliveries(
  { reads, writes, transaction }: Pick<Postgres, 'reads' | 'writes' | 'transaction'>,
  now: number,
): Promise<void> {
  await writes.run(oldSecrets, [now])
  for (const webhook of await reads.all<AgingWebhook>(aging)) {
    await writes.run(repair, [webhook.id, now, now + longestPause])
    await untilLess(() => transaction([], (tx) => giveUpOf(tx, webhook, now)))
  }
  await untilLess(() => writes.run(orphans))
  await untilLess(() => writes.run(deadOrphans))
  await untilLess(() => writes.run(forgotten, [now - deadRetention]))
  await untilLess(() => writes.run(tooManyDead))
}

/** Sweeps in parts, each a short transaction, until one of them is not full. */
async function untilLess(sweepPart: () => Promise<number>): Promise<void> {
  for (let part = 0; part < mostParts && (await sweepPart()) === sweepSize; part++);
}

const aging = `select ${agingColumns} from webhooks order by id`

/** The newest of those that are too many; the older ones go with it. */
const lastTooMany = plannedEachTime(`select pending_since as since from webhook_deliveries
  where webhook_id = $1 and dead_at is null order by pending_since desc limit 1 offset ${maxPending}`)
const giveUp =
  plannedEachTime(`update webhook_deliveries set dead_at = $3, lease = null, lease_until = null,
    error = coalesce(error, 'given up before an attempt')
  where seq in (select seq from webhook_deliveries where webhook_id = $1 and dead_at is null
    and pending_since <= $2 and (lease_until is null or lease_until <= $3)
    order by pending_since limit ${sweepSize} for update skip locked)
  returning person_id as "personId", webhook_id as "webhookId"`)

async function giveUpOf(tx: Transaction, webhook: AgingWebhook, now: number): Promise<number> {
  const { id: webhookId } = webhook
  const last = await tx.first<{ since: number }>(lastTooMany, [webhookId])
  const until = Math.max(givenUpUntil(webhook, now), last?.since ?? 0)
  const rows = await tx.all<{ personId: string; webhookId: string }>(giveUp, [
    webhookId,
    until,
    now,
  ])
  await letGoOn(tx, rows, now)
  return rows.length
}

/** How many of the oldest pending deliveries of a webhook are repaired with one sweep. */
const repaired = 1_000
/**
 * What can be sent and is due later than any pause is long, or leased for longer than any lease: by a clock that has been set back
 * since.
 */
const repair = plannedEachTime(`with o as materialized (
    select person_id, webhook_id, due_at, lease_until from webhook_deliveries
    where webhook_id = $1 and dead_at is null order by pending_since limit ${repaired}),
  l as materialized (
    select person_id, webhook_id from o where due_at > $3 or lease_until > $3),
  h as materialized (${headsOf('l')}),
  late as materialized (select x.seq from webhook_deliveries x join h on h.seq = x.seq
    where x.due_at > $3 or x.lease_until > $3 for no key update of x skip locked)
  update webhook_deliveries x set due_at = least(x.due_at, $2), lease = null, lease_until = null
  from late where x.seq = late.seq`)

const deleteSome = (rows: string): string =>
  plannedEachTime(`delete from webhook_deliveries where seq in (${rows} for update skip locked)`)
/** Of a process that was killed while it removed a webhook. The index has few webhooks, so it is read by steps. */
const orphans = deleteSome(`select seq from webhook_deliveries
  where dead_at is null and webhook_id = any(array(
    with recursive known(id) as (
      select min(webhook_id) from webhook_deliveries where dead_at is null
      union all
      select (select min(webhook_id) from webhook_deliveries
        where dead_at is null and webhook_id > known.id) from known where known.id is not null)
    select known.id from known
    where known.id is not null and not exists (select 1 from webhooks w where w.id = known.id)))
  limit ${sweepSize}`)
const deadOrphans = deleteSome(`select seq from webhook_deliveries d
  where dead_at is not null and not exists (select 1 from webhooks w where w.id = d.webhook_id)
  limit ${sweepSize}`)
const forgotten = deleteSome(
  `select seq from webhook_deliveries where dead_at <= $1 limit ${sweepSize}`,
)
const tooManyDead = deleteSome(`select seq from webhook_deliveries where dead_at is not null
  order by dead_at desc, seq desc limit ${sweepSize} offset ${maxDead}`)
const oldSecrets = `update webhooks set previous_secret = null, previous_secret_until = null
  where previous_secret_until <= $1`
