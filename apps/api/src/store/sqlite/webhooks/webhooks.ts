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
import { prepareProvenActors } from '../admin/administrators/proven-actors.ts'
import { allOr, refuse } from '../admin/sign-in/refusable.ts'
import type { Database } from '../database.ts'
import { prepareFanOut } from './fan-out.ts'
import { type DeliveryStream, distinctStreams, preparePostponing } from './going-on.ts'
import { prepareDeliveryInsert } from './insert-delivery.ts'

export function createWebhookStore(database: Database): WebhookStore {
  const { write, outbox } = database
  const spend = prepareProvenActors(database)
  const isProven = (by: ProvenActor | null): boolean => by === null || spend(by)
  const rows = prepareRows(database)
  const fanOut = prepareFanOut(database)
  return {
    ...createDeadDeliveries(database),
    create: async ({ events, ...webhook }, by) => {
      await fanOut.inParts()
      return allOr(database, () => {
        if (!isProven(by)) return refuse('proof_rejected')
        if (rows.count() >= maxWebhooks) return refuse('too_many')
        const createdBy = by?.adminId ?? null
        fanOut.rest()
        rows.insert.run({ ...webhook, events: writeEventNames(events), createdBy })
        return 'created'
      })
    },
    list: async () =>
      rows.list.all().map((row) => ({ ...row, events: readEventNames(row.events) })),
    update: async ({ id, url = null, events, enabled, at }, by) => {
      await fanOut.inParts()
      return allOr(database, () => {
        if (!isProven(by)) return refuse('proof_rejected')
        const names = events === undefined ? null : writeEventNames(events)
        fanOut.rest()
        if (rows.change.run({ id, url, events: names }).changes === 0) return refuse('not_found')
        if (enabled === true) rows.enable.run({ id, at })
        if (enabled === true) outbox.note()
        if (enabled === false) rows.disable.run({ id, at })
        return 'updated'
      })
    },
    rotate: (rotation, by) =>
      allOr(database, () => {
        if (!isProven(by)) return refuse('proof_rejected')
        return rows.rotate.run({ ...rotation }).changes === 0 ? refuse('not_found') : 'rotated'
      }),
    // In parts, because each blocks the event loop. What a process leaves that is killed before the end is swept.
    remove: async (id) => {
      if ((await write(() => rows.remove.run({ id }).changes)) === 0) return false
      while ((await write(() => rows.removePending.run({ id }).changes)) === removedAtOnce);
      await write(() => rows.removeDead.run({ id }))
      return true
    },
    backlog: async () => rows.backlog.get() ?? { waiting: 0, unreadable: 0 },
    test: createTest(database),
  }
}

/** Pending deliveries that are deleted with one commit. */
const removedAtOnce = 1_000

function prepareRows({ sqlite }: Pick<Database, 'sqlite'>) {
  const count = sqlite.prepare<[], number>('select count(*) from webhooks').pluck()
  return {
    count: (): number => count.get() ?? 0,
    insert: sqlite.prepare(
      `insert into webhooks (id, url, events, sealed_secret, created_at, created_by)
       values (:id, :url, :events, :sealedSecret, :at, :createdBy)`,
    ),
    change: sqlite.prepare(
      `update webhooks set url = coalesce(:url, url), events = coalesce(:events, events)
       where id = :id`,
    ),
    enable: sqlite.prepare(
      `update webhooks set disabled_at = null, disabled_reason = null, enabled_at = :at
       where id = :id and disabled_at is not null`,
    ),
    // Disabling again keeps the first time.
    disable: sqlite.prepare(
      `update webhooks set disabled_at = :at, disabled_reason = 'administrator'
       where id = :id and disabled_at is null`,
    ),
    rotate: sqlite.prepare(
      `update webhooks set previous_secret = sealed_secret, previous_secret_until = :previousUntil,
         sealed_secret = :sealedSecret where id = :id`,
    ),
    remove: sqlite.prepare('delete from webhooks where id = :id'),
    removePending: sqlite.prepare(
      `delete from webhook_deliveries where seq in (select seq from webhook_deliveries
         where webhook_id = :id and dead_at is null limit ${removedAtOnce})`,
    ),
    removeDead: sqlite.prepare(
      'delete from webhook_deliveries where webhook_id = :id and dead_at is not null',
    ),
    backlog: sqlite.prepare<[], WebhookBacklog>(selectBacklog),
    list: sqlite.prepare<[], Omit<ListedWebhook, 'events'> & { events: string }>(
      `select w.id, w.url, w.events, w.created_at as createdAt, w.created_by as createdBy,
         w.disabled_at as disabledAt, w.disabled_reason as disabledReason,
         w.previous_secret_until as previousSecretUntil,
         (select count(*) from (select 1 from webhook_deliveries d where d.webhook_id = w.id
           and d.dead_at is null limit ${maxCounted})) as pending,
         (select min(d.pending_since) from webhook_deliveries d where d.webhook_id = w.id
           and d.dead_at is null) as oldestPendingAt,
         (select d.error from webhook_deliveries d where d.webhook_id = w.id and d.dead_at is null
           order by d.pending_since, d.seq limit 1) as lastError,
         (select count(*) from webhook_deliveries d where d.webhook_id = w.id
           and d.dead_at is not null) as dead
       from webhooks w order by w.created_at, w.id`,
    ),
  }
}

function createTest(database: Database): WebhookStore['test'] {
  const { sqlite, write, outbox } = database
  const isEnabled = sqlite.prepare('select 1 from webhooks where id = ? and disabled_at is null')
  const insert = prepareDeliveryInsert(database)
  return async ({ id: webhookId, at }) =>
    write(() => {
      if (isEnabled.get(webhookId) === undefined) return false
      const eventId = newEventId()
      const test = { type: webhookTestType, personId: eventId, userId: null } as const
      insert({ ...test, webhookId, eventId, body: webhookTestBody(at), at, notBefore: at })
      outbox.note()
      return true
    })
}

type DeadRow = Omit<DeadDelivery, 'id'> & { readonly seq: number }

function createDeadDeliveries({
  sqlite,
  write,
  outbox,
}: Database): Pick<WebhookStore, 'dead' | 'replay' | 'discard'> {
  const page = sqlite.prepare<[Record<string, unknown>], DeadRow>(
    `select d.seq, d.webhook_id as webhookId, d.event_id as eventId, d.type, d.user_id as userId,
       d.occurred_at as occurredAt, d.attempts, coalesce(d.error, '') as error, d.dead_at as deadAt
     from webhook_deliveries d join webhooks w on w.id = d.webhook_id
     where d.dead_at is not null and (:webhookId is null or d.webhook_id = :webhookId)
       and (:deadAt is null or (d.dead_at, d.seq) < (:deadAt, :seq))
     order by d.dead_at desc, d.seq desc limit :limit`,
  )
  const isMeant = `dead_at is not null and (seq = :seq or webhook_id = :webhookId)
    and exists (select 1 from webhooks w where w.id = webhook_id)`
  const replay = prepareReplay({ sqlite }, isMeant)
  const discard = sqlite.prepare(`delete from webhook_deliveries where ${isMeant}`)
  return {
    dead: async ({ webhookId = null, cursor, limit }) => {
      const after = cursor === undefined ? { deadAt: null, seq: null } : readDeadCursor(cursor)
      const found = page.all({ webhookId, ...after, limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      return {
        items: items.map(({ seq, ...dead }) => ({ id: String(seq), ...dead })),
        next: last === undefined ? null : writeDeadCursor(last),
      }
    },
    replay: async (ref, now) =>
      write(() => {
        outbox.note()
        return replay({ ...placeOf(ref), now })
      }),
    discard: async (ref) => write(() => discard.run(placeOf(ref)).changes),
  }
}

interface ReplayedRows {
  readonly seq: number | null
  readonly webhookId: string | null
  readonly now: number
}

function prepareReplay({ sqlite }: Pick<Database, 'sqlite'>, isMeant: string) {
  const streams = sqlite.prepare<[ReplayedRows], DeliveryStream>(
    `select webhook_id as webhookId, person_id as personId from webhook_deliveries
     where ${isMeant}`,
  )
  const leaseOf = sqlite
    .prepare<[DeliveryStream], number | null>(
      `select lease_until from webhook_deliveries where person_id = :personId
         and webhook_id = :webhookId and dead_at is null order by seq limit 1`,
    )
    .pluck()
  const replay = sqlite.prepare<[ReplayedRows]>(
    `update webhook_deliveries set dead_at = null, attempts = 0, due_at = ${notDue},
       pending_since = :now where ${isMeant}`,
  )
  const postpone = preparePostponing({ sqlite })
  return (rows: ReplayedRows): number => {
    // A later one of the person may be under way: then the replayed one waits for its end.
    const found = distinctStreams(streams.all(rows))
    const due = found.map((stream) => ({ stream, until: leaseOf.get(stream) ?? 0 }))
    const { changes } = replay.run(rows)
    for (const { stream, until } of due) postpone(stream, Math.max(rows.now, until))
    return changes
  }
}

const placeOf = (ref: Parameters<WebhookStore['discard']>[0]) =>
  'id' in ref
    ? { seq: readDeliveryId(ref.id), webhookId: null }
    : { seq: null, webhookId: ref.webhookId }
