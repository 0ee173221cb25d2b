import {
  type ClaimedDelivery,
  type DeliveryCounts,
  type DeliveryOutcome,
  maxCounted,
  maxDeliveryError,
  type WebhookDeliveryStore,
} from '@mianmi/core'
import { readDeliveryId } from '../../webhooks/dead-cursor.ts'
import { selectBacklog } from '../../webhooks/select-backlog.ts'
import type { Database } from '../database.ts'
import { prepareFanOut } from './fan-out.ts'
import { type DeliveryStream, prepareGoingOn } from './going-on.ts'
import { mostSweepParts, prepareDeliverySweep } from './sweep.ts'

interface ClaimedRow
  extends Pick<
    ClaimedDelivery,
    'eventId' | 'webhookId' | 'type' | 'body' | 'attempts' | 'occurredAt' | 'url'
  > {
  readonly seq: number
  readonly sealedSecret: string
  readonly previousSecret: string | null
}

export function createWebhookDeliveryStore(database: Database): WebhookDeliveryStore {
  const { sqlite, write } = database
  const due = sqlite.prepare<[], { webhookId: string; url: string; dueAt: number | null }>(
    `select w.id as webhookId, w.url, (select min(d.due_at) from webhook_deliveries d
       where d.webhook_id = w.id and d.dead_at is null) as dueAt
     from webhooks w where w.disabled_at is null`,
  )
  const claim = prepareClaim(database)
  const settle = prepareSettle(database)
  const sweep = prepareDeliverySweep(database)
  const release = sqlite.prepare(
    `update webhook_deliveries set lease = null, lease_until = null
     where seq = :seq and lease = :lease`,
  )
  const disableGone = sqlite.prepare(
    `update webhooks set disabled_at = :at, disabled_reason = 'gone'
     where id = :webhookId and url = :url and disabled_at is null`,
  )
  const fanOut = prepareFanOut(database)
  const readAgain = sqlite.prepare('update webhook_outbox set at = -at where at < 0')
  const counts = sqlite.prepare<[], DeliveryCounts>(
    `select (select count(*) from (select 1 from webhook_deliveries where dead_at is null
         limit ${maxCounted})) + b.waiting as pending,
       (select min(since) from (
         select (select min(d.pending_since) from webhook_deliveries d
           where d.webhook_id = w.id and d.dead_at is null) as since from webhooks w
         union all select * from (select abs(at) from webhook_outbox order by id limit 1))) as oldestAt,
       (select count(*) from webhook_deliveries where dead_at is not null) as dead, b.waiting, b.unreadable
  from (${selectBacklog}) b`,
  )
  return {
    fanOut: fanOut.inParts,
    readAgain: async () => write(() => void readAgain.run()),
    due: async () =>
      due.all().flatMap(({ dueAt, ...webhook }) => (dueAt === null ? [] : [{ ...webhook, dueAt }])),
    claim: async (request) => write(() => claim(request)),
    settle: async (lease, outcomes, now) =>
      write(() => {
        for (const outcome of outcomes) settle(lease, outcome, now)
      }),
    release: async (lease, ids) =>
      write(() => {
        for (const id of ids) release.run({ lease, seq: readDeliveryId(id) })
      }),
    disableGone: async ({ webhookId, url, at }) => {
      await fanOut.inParts()
      return write(() => {
        fanOut.rest()
        return disableGone.run({ webhookId, url, at }).changes > 0
      })
    },
    counts: async () =>
      counts.get() ?? { pending: 0, oldestAt: null, dead: 0, waiting: 0, unreadable: 0 },
    sweep: async (now) => {
      for (let part = 0; part < mostSweepParts && (await write(() => sweep(now))); part++);
    },
  }
}

type ClaimRequest = Parameters<WebhookDeliveryStore['claim']>[0]

function prepareClaim({ sqlite }: Database): (request: ClaimRequest) => ClaimedDelivery[] {
  const find = sqlite.prepare<[Pick<ClaimRequest, 'webhookId' | 'now' | 'limit'>], ClaimedRow>(
    `select d.seq, d.event_id as eventId, d.webhook_id as webhookId, d.type, d.body, d.attempts,
       d.occurred_at as occurredAt, w.url, w.sealed_secret as sealedSecret,
       iif(w.previous_secret_until > :now, w.previous_secret, null) as previousSecret
     from webhooks w join webhook_deliveries d on d.webhook_id = w.id
     where w.id = :webhookId and w.disabled_at is null and d.dead_at is null and d.due_at <= :now
       and (d.lease_until is null or d.lease_until <= :now)
       and not exists (select 1 from webhook_deliveries e where e.person_id = d.person_id
         and e.webhook_id = d.webhook_id and e.seq < d.seq and e.dead_at is null)
     order by d.due_at, d.seq limit :limit`,
  )
  const lease = sqlite.prepare(
    'update webhook_deliveries set lease = :lease, lease_until = :leaseUntil where seq = :seq',
  )
  return ({ webhookId, now, limit, ...claimed }) =>
    find.all({ webhookId, now, limit }).map((row) => {
      const { seq, sealedSecret, previousSecret, ...delivery } = row
      lease.run({ seq, lease: claimed.lease, leaseUntil: claimed.leaseUntil })
      const sealedSecrets = [sealedSecret, ...(previousSecret === null ? [] : [previousSecret])]
      return { id: String(seq), ...delivery, sealedSecrets }
    })
}

function prepareSettle({ sqlite }: Pick<Database, 'sqlite'>) {
  const find = sqlite.prepare<
    [{ seq: number; lease: string }],
    DeliveryStream & { readonly seq: number }
  >(
    `select seq, webhook_id as webhookId, person_id as personId from webhook_deliveries
     where seq = :seq and lease = :lease`,
  )
  const remove = sqlite.prepare('delete from webhook_deliveries where seq = ?')
  const fail = sqlite.prepare(
    `update webhook_deliveries set attempts = attempts + 1, error = :error, lease = null,
       lease_until = null, due_at = coalesce(:dueAt, due_at), dead_at = :deadAt where seq = :seq`,
  )
  const goOn = prepareGoingOn({ sqlite })
  return (lease: string, outcome: DeliveryOutcome, now: number): void => {
    const stream = find.get({ lease, seq: readDeliveryId(outcome.id) })
    if (stream === undefined) return
    const { seq } = stream
    if (outcome.outcome === 'delivered') {
      remove.run(seq)
      goOn(stream, now)
      return
    }
    const error = outcome.error.slice(0, maxDeliveryError)
    if (outcome.outcome === 'dead') {
      fail.run({ seq, error, dueAt: null, deadAt: now })
      goOn(stream, now)
      return
    }
    fail.run({ seq, error, dueAt: outcome.dueAt, deadAt: null })
  }
}
