import { setTimeout as wait } from 'node:timers/promises'
import {
  type ListedWebhook,
  maxCounted,
  maxWebhooks,
  type WebhookBacklog,
  webhookTestBody,
  webhookTestType,
} from '@mianmi/core'
import type { DeadDelivery, ProvenActor, WebhookStore } from '@mianmi/core/admin'
import { readDeadCursor, readDeliveryId, writeDeadCursor } from '../../webhooks/dead-cursor.ts'
import { readEventNames, writeEventNames } from '../../webhooks/event-names.ts'
import { newEventId } from '../../webhooks/new-event-id.ts'
import { notDue } from '../../webhooks/not-due.ts'
import { selectBacklog } from '../../webhooks/select-backlog.ts'
import { isProven } from '../admin/administrators/proven-actors.ts'
import { allOr, refuse } from '../admin/sign-in/refusable.ts'
import { lockUsers, type Postgres, plannedEachTime, type Transaction } from '../connection/index.ts'
import { fanOutRest, lockFanOut } from './fan-out.ts'
import { fanOutBefore } from './fan-out-in-parts.ts'
import { type DeliveryStream, leasesOf, postponeHeads } from './going-on.ts'

type WebhookPostgres = Pick<Postgres, 'reads' | 'writes' | 'transaction' | 'outbox'>

export function createWebhookStore(postgres: WebhookPostgres): WebhookStore {
  const { reads, writes, transaction, outbox } = postgres
  /** By then no node believes what was true before. */
  const known = () => wait(1.1 * outbox.receivers.knownFor)
  return {
    ...createDeadDeliveries(postgres),
    create: async ({ id, url, events, sealedSecret, at }, by) => {
      await fanOutBefore(postgres)
      // The name lets callers that race count one another's webhook.
      const result = await allOr(postgres, ['webhooks'], async (tx) => {
        if (!(await mayAct(tx, by))) return refuse('proof_rejected')
        if ((await tx.run('select 1 from webhooks')) >= maxWebhooks) return refuse('too_many')
        const names = writeEventNames(events)
        await fanOutRest(tx)
        await tx.run(insert, [id, url, names, sealedSecret, at, by?.adminId ?? null])
        return 'created'
      })
      if (result === 'created') await known()
      return result
    },
    list: async () => {
      const rows = await reads.all<Omit<ListedWebhook, 'events'> & { events: string }>(list)
      return rows.map((row) => ({ ...row, events: readEventNames(row.events) }))
    },
    update: async ({ id, url = null, events, enabled, at }, by) => {
      const names = events === undefined ? null : writeEventNames(events)
      await fanOutBefore(postgres)
      const result = await allOr(postgres, [], async (tx) => {
        if (!(await mayAct(tx, by))) return refuse('proof_rejected')
        await fanOutRest(tx)
        if ((await tx.run(change, [id, url, names])) === 0) return refuse('not_found')
        if (enabled === true) await tx.run(enable, [id, at])
        if (enabled === false) await tx.run(disable, [id, at])
        return 'updated'
      })
      if (result === 'updated' && enabled === true) outbox.onWritten()
      if (result === 'updated' && (enabled === true || events !== undefined)) await known()
      return result
    },
    rotate: ({ id, sealedSecret, previousUntil }, by) =>
      allOr(postgres, [], async (tx) => {
        if (!(await mayAct(tx, by))) return refuse('proof_rejected')
        const rotated = await tx.run(rotate, [id, sealedSecret, previousUntil])
        return rotated === 0 ? refuse('not_found') : 'rotated'
      }),
    // The lock lets no fan-out make deliveries of it afterwards. A process that is killed before the end leaves the rest to the
    // sweep.
    remove: async (id) => {
      const isRemoved = await transaction([], async (tx) => {
        await lockFanOut(tx)
        return (await tx.run('delete from webhooks where id = $1', [id])) > 0
      })
      if (!isRemoved) return false
      while ((await writes.run(removePending, [id])) === removedAtOnce);
      await writes.run(removeDead, [id])
      return true
    },
    backlog: async () => (await reads.first<WebhookBacklog>(selectBacklog)) ?? noBacklog,
    test: createTest(postgres),
  }
}

/** A command has no code to consume. */
async function mayAct(tx: Transaction, by: ProvenActor | null): Promise<boolean> {
  if (by === null) return true
  await lockUsers(tx, [by.adminId])
  return isProven(tx, by)
}

const insert = `insert into webhooks (id, url, events, sealed_secret, created_at, created_by)
  values ($1, $2, $3, $4, $5, $6)`
const change = `update webhooks set url = coalesce($2, url), events = coalesce($3, events)
  where id = $1`
const enable = `update webhooks set disabled_at = null, disabled_reason = null, enabled_at = $2
  where id = $1 and disabled_at is not null`
/** Disabling again keeps the first time. */
const disable = `update webhooks set disabled_at = $2, disabled_reason = 'administrator'
  where id = $1 and disabled_at is null`
const rotate = `update webhooks set previous_secret = sealed_secret, previous_secret_until = $3,
  sealed_secret = $2 where id = $1`
/** Deliveries that are deleted with one statement. */
const removedAtOnce = 5_000
/** In the order of `seq`, in which every statement locks several deliveries. */
const removePending = plannedEachTime(`with p as materialized (select seq from webhook_deliveries
    where webhook_id = $1 and dead_at is null limit ${removedAtOnce}),
  d as materialized (
    select seq from webhook_deliveries where seq in (select seq from p) order by seq for update)
  delete from webhook_deliveries x using d where x.seq = d.seq`)
const removeDead = plannedEachTime(`with d as materialized (select seq from webhook_deliveries
    where webhook_id = $1 and dead_at is not null order by seq for update)
  delete from webhook_deliveries x using d where x.seq = d.seq`)
const noBacklog = { waiting: 0, unreadable: 0 } as const
const list =
  plannedEachTime(`select w.id, w.url, w.events, w.created_at as "createdAt", w.created_by as "createdBy",
    w.disabled_at as "disabledAt", w.disabled_reason as "disabledReason",
    w.previous_secret_until as "previousSecretUntil",
    (select count(*) from (select 1 from webhook_deliveries d where d.webhook_id = w.id
      and d.dead_at is null limit ${maxCounted}) p) as pending,
    (select min(d.pending_since) from webhook_deliveries d where d.webhook_id = w.id
      and d.dead_at is null) as "oldestPendingAt",
    (select d.error from webhook_deliveries d where d.webhook_id = w.id and d.dead_at is null
      order by d.pending_since, d.seq limit 1) as "lastError",
    (select count(*) from webhook_deliveries d where d.webhook_id = w.id
      and d.dead_at is not null) as dead
  from webhooks w order by w.created_at, w.id`)

const insertTest = `insert into webhook_deliveries
  (event_id, webhook_id, type, person_id, body, occurred_at, pending_since, due_at)
  values ($1, $2, $3, $1, $4, $5, $5, $5)`

function createTest({ transaction, outbox }: WebhookPostgres): WebhookStore['test'] {
  const isEnabled = 'select 1 from webhooks where id = $1 and disabled_at is null'
  return async ({ id: webhookId, at }) => {
    const isWritten = await transaction([], async (tx) => {
      if ((await tx.run(isEnabled, [webhookId])) === 0) return false
      const eventId = newEventId()
      await tx.run(insertTest, [eventId, webhookId, webhookTestType, webhookTestBody(at), at])
      return true
    })
    if (isWritten) outbox.onWritten()
    return isWritten
  }
}

type DeadRow = Omit<DeadDelivery, 'id'> & { readonly seq: number }

const page =
  plannedEachTime(`select d.seq, d.webhook_id as "webhookId", d.event_id as "eventId", d.type,
    d.user_id as "userId", d.occurred_at as "occurredAt", d.attempts, coalesce(d.error, '') as error,
    d.dead_at as "deadAt"
  from webhook_deliveries d join webhooks w on w.id = d.webhook_id
  where d.dead_at is not null and ($1::text is null or d.webhook_id = $1)
    and ($2::bigint is null or (d.dead_at, d.seq) < ($2, $3::bigint))
  order by d.dead_at desc, d.seq desc limit $4`)
const lockMeant =
  plannedEachTime(`select d.seq, d.person_id as "personId", d.webhook_id as "webhookId"
  from webhook_deliveries d join webhooks w on w.id = d.webhook_id
  where d.dead_at is not null and (d.seq = $1::bigint or d.webhook_id = $2::text)
  order by d.seq for update of d`)
const replay = plannedEachTime(`update webhook_deliveries set dead_at = null, attempts = 0,
  due_at = ${notDue}, pending_since = $2 where seq = any($1::bigint[])`)
const discard = plannedEachTime(
  `with d as materialized (${lockMeant}) delete from webhook_deliveries x using d where x.seq = d.seq`,
)

function createDeadDeliveries({
  reads,
  writes,
  transaction,
  outbox,
}: WebhookPostgres): Pick<WebhookStore, 'dead' | 'replay' | 'discard'> {
  return {
    dead: async ({ webhookId = null, cursor, limit }) => {
      const after = cursor === undefined ? null : readDeadCursor(cursor)
      const place = [after?.deadAt ?? null, after?.seq ?? null]
      const found = await reads.all<DeadRow>(page, [webhookId, ...place, limit + 1])
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      return {
        items: items.map(({ seq, ...dead }) => ({ id: String(seq), ...dead })),
        next: last === undefined ? null : writeDeadCursor(last),
      }
    },
    replay: async (ref, now) => {
      const replayed = await transaction([], (tx) => replayMeant(tx, ref, now))
      outbox.onWritten()
      return replayed
    },
    discard: (ref) => writes.run(discard, placeOf(ref)),
  }
}

async function replayMeant(
  tx: Transaction,
  ref: Parameters<WebhookStore['replay']>[0],
  now: number,
): Promise<number> {
  const rows = await tx.all<DeliveryStream & { seq: number }>(lockMeant, placeOf(ref))
  // A later one of the person may be under way: then the replayed one waits for its end.
  const leases = await leasesOf(tx, rows)
  const replayed = await tx.run(replay, [rows.map(({ seq }) => seq), now])
  const due = rows.map((stream) => ({ ...stream, at: now }))
  await postponeHeads(tx, due)
  await postponeHeads(tx, leases)
  return replayed
}

const placeOf = (ref: Parameters<WebhookStore['discard']>[0]): (number | string | null)[] =>
  'id' in ref ? [readDeliveryId(ref.id), null] : [null, ref.webhookId]
