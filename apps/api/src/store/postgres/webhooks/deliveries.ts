import {
  type ClaimedDelivery,
  type DeliveryCounts,
  type DeliveryOutcome,
  type DueWebhook,
  maxCounted,
  maxDeliveryError,
  type WebhookDeliveryStore,
} from '@mianmi/core'
import { readDeliveryId } from '../../webhooks/dead-cursor.ts'
import { selectBacklog } from '../../webhooks/select-backlog.ts'
import { type Postgres, plannedEachTime, type Transaction } from '../connection/index.ts'
import { fanOutRest } from './fan-out.ts'
import { fanOutBefore, fanOutInParts } from './fan-out-in-parts.ts'
import { type DeliveryStream, letGoOn } from './going-on.ts'
import { isPending } from './is-pending.ts'
import { sweepDeliveries } from './sweep.ts'

export function createWebhookDeliveryStore(
  postgres: Pick<Postgres, 'reads' | 'writes' | 'transaction'>,
): WebhookDeliveryStore {
  const { reads, writes, transaction } = postgres
  return {
    fanOut: () => fanOutInParts(postgres),
    readAgain: async () => void (await writes.run(readAgain)),
    due: () => reads.all<DueWebhook>(due),
    claim: async ({ webhookId, lease, now, leaseUntil, limit }) => {
      const rows = await writes.all<ClaimedRow>(claim, [webhookId, now, limit, lease, leaseUntil])
      return rows.sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq).map(toClaimed)
    },
    settle: async (lease, outcomes, now) => {
      if (outcomes.length > 0) await transaction([], (tx) => settle(tx, { lease, outcomes, now }))
    },
    release: async (lease, ids) =>
      void (await writes.run(release, [ids.map(readDeliveryId), lease])),
    disableGone: async ({ webhookId, url, at }) => {
      await fanOutBefore(postgres)
      return transaction([], async (tx) => {
        await fanOutRest(tx)
        return (await tx.run(disableGone, [webhookId, url, at])) > 0
      })
    },
    counts: async () => (await reads.first<DeliveryCounts>(counts)) ?? noDeliveries,
    sweep: (now) => sweepDeliveries(postgres, now),
  }
}

const readAgain = 'update webhook_outbox set at = -at where at < 0'

const due = plannedEachTime(`select w.id as "webhookId", w.url, d.due_at as "dueAt" from webhooks w
  cross join lateral (select due_at from webhook_deliveries
    where webhook_id = w.id and dead_at is null order by due_at limit 1) d
  where w.disabled_at is null`)

/**
 * The oldest delivery of each person that is due. A row that another node is leasing is skipped, and one that it has leased
 * since the statement began is checked again once it is locked.
 */
const claim = plannedEachTime(`with c as materialized (
    select d.seq, w.url, w.sealed_secret,
      case when w.previous_secret_until > $2 then w.previous_secret end as previous_secret
    from webhooks w join webhook_deliveries d on d.webhook_id = w.id
    where w.id = $1 and w.disabled_at is null and d.dead_at is null and d.due_at <= $2
      and (d.lease_until is null or d.lease_until <= $2)
      and not exists (select 1 from webhook_deliveries e where e.person_id = d.person_id
        and e.webhook_id = d.webhook_id and e.seq < d.seq and ${isPending('e')})
    order by d.due_at, d.seq limit $3 for no key update of d skip locked)
  update webhook_deliveries d set lease = $4, lease_until = $5 from c where d.seq = c.seq
  returning d.seq, d.event_id as "eventId", d.webhook_id as "webhookId", d.type, d.body, d.attempts,
    d.occurred_at as "occurredAt", c.url, c.sealed_secret as "sealedSecret",
    c.previous_secret as "previousSecret", d.due_at as "dueAt"`)

interface ClaimedRow extends Omit<ClaimedDelivery, 'id' | 'sealedSecrets'> {
  readonly seq: number
  readonly sealedSecret: string
  readonly previousSecret: string | null
  readonly dueAt: number
}

const toClaimed = ({
  seq,
  sealedSecret,
  previousSecret,
  dueAt: _,
  ...delivery
}: ClaimedRow): ClaimedDelivery => ({
  id: String(seq),
  ...delivery,
  sealedSecrets: [sealedSecret, ...(previousSecret === null ? [] : [previousSecret])],
})

interface LeasedRow extends DeliveryStream {
  readonly seq: number
}

/** Conflicts with the lock of a fan-out that makes the next delivery of the person wait for this one. */
const lockLeased = plannedEachTime(`select seq, webhook_id as "webhookId", person_id as "personId"
  from webhook_deliveries where seq = any($1::bigint[]) and lease = $2 order by seq for update`)
const remove = plannedEachTime('delete from webhook_deliveries where seq = any($1::bigint[])')
const fail =
  plannedEachTime(`update webhook_deliveries set attempts = attempts + 1, error = $2, lease = null,
  lease_until = null, due_at = coalesce($3, due_at), dead_at = $4 where seq = $1`)

async function settle(
  tx: Transaction,
  {
    lease,
    outcomes,
    now,
  }: {
    readonly lease: string
    readonly outcomes: readonly DeliveryOutcome[]
    readonly now: number
  },
): Promise<void> {
  const seqs = outcomes.map(({ id }) => readDeliveryId(id))
  const rows = await tx.all<LeasedRow>(lockLeased, [seqs, lease])
  const found = new Map(rows.map((row) => [String(row.seq), row]))
  const delivered: LeasedRow[] = []
  const over: LeasedRow[] = []
  for (const outcome of outcomes) {
    const row = found.get(outcome.id)
    if (row === undefined) continue
    if (outcome.outcome === 'delivered') delivered.push(row)
    else {
      const error = outcome.error.slice(0, maxDeliveryError)
      const isDead = outcome.outcome === 'dead'
      const dueAt = isDead ? null : outcome.dueAt
      await tx.run(fail, [row.seq, error, dueAt, isDead ? now : null])
      if (isDead) over.push(row)
    }
  }
  if (delivered.length > 0) await tx.run(remove, [delivered.map(({ seq }) => seq)])
  await letGoOn(tx, [...delivered, ...over], now)
}

const release = plannedEachTime(`with d as materialized (
    select seq from webhook_deliveries where seq = any($1::bigint[]) and lease = $2
    order by seq for update)
  update webhook_deliveries x set lease = null, lease_until = null from d where x.seq = d.seq`)

const disableGone = `update webhooks set disabled_at = $3, disabled_reason = 'gone'
  where id = $1 and url = $2 and disabled_at is null`

const noDeliveries = { pending: 0, oldestAt: null, dead: 0, waiting: 0, unreadable: 0 } as const

const counts = `select
  (select count(*) from (select 1 from webhook_deliveries where dead_at is null
    limit ${maxCounted}) p) + b.waiting as pending,
  least((select min(d.since) from webhooks w cross join lateral (
      select min(pending_since) as since from webhook_deliveries
      where webhook_id = w.id and dead_at is null) d),
    (select abs(at) from webhook_outbox order by id limit 1)) as "oldestAt",
  (select count(*) from webhook_deliveries where dead_at is not null) as dead, b.waiting, b.unreadable
  from (${selectBacklog}) b`
