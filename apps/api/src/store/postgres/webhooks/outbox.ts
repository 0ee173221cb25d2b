import {
  changedFields,
  type Role,
  type UpdatedField,
  usersOfEvent,
  type WebhookEvent,
  webhookBody,
} from '@mianmi/core'
import { readEventNames } from '../../webhooks/event-names.ts'
import { newEventId } from '../../webhooks/new-event-id.ts'
import type { Queries } from '../connection/queries.ts'
import { insertDeliveries, type NewDelivery } from './insert-deliveries.ts'

/** A session that was deleted. */
export interface EndedSession {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly expiresAt: number
}

/** The columns of `EndedSession`, to be returned by a deletion. */
export const endedSessionColumns =
  'id, user_id as "userId", app_id as "appId", expires_at as "expiresAt"'

type UserState = Readonly<Partial<Record<UpdatedField, string | null>>>

/** The events of a transaction. They are written at its end, when the rows are locked that the verb rests on. */
export interface Outbox {
  emit(event: WebhookEvent): void
  /** Tells the sessions that have not expired before. Returns how many were deleted. */
  emitEnded(ended: readonly EndedSession[]): number
  /** Tells which fields of a user have another value, where there is one. */
  emitUpdate(userId: string, before: UserState, after: UserState): void
  /** Drops what is to be sent about users who are deleted, also by this transaction until now. */
  drop(userIds: readonly string[]): void
  /** What is to be sent about a merged user goes on in the order of the kept one. */
  join(from: string, to: string): void
}

/** The clock of the events, and what happens after a commit that wrote some. */
export interface OutboxSettings {
  /** Ms since the epoch. */
  now: () => number
  onWritten: () => void
}

interface QueuedEvent {
  readonly event: WebhookEvent
  readonly userId: string
  readonly personId: string
}

/** What a transaction has to write. */
interface Queue {
  events: QueuedEvent[]
  readonly dropped: string[]
  readonly joined: { readonly from: string; readonly to: string }[]
}

/**
 * @param isNeeded whether there was a webhook when the transaction began; without one nothing is written
 * @returns `flush`, to be called before the commit, says whether it wrote events
 */
export function createOutbox(
  queries: Queries,
  { isNeeded, now }: { readonly isNeeded: boolean; readonly now: () => number },
): { readonly outbox: Outbox; flush(): Promise<boolean> } {
  const queue: Queue = { events: [], dropped: [], joined: [] }
  const emit = (event: WebhookEvent): void => {
    if (isNeeded) queue.events.push({ event, ...usersOfEvent(event) })
  }
  const outbox: Outbox = {
    emit,
    emitEnded(ended) {
      const at = now()
      for (const { id: sessionId, userId, appId, expiresAt } of ended)
        if (expiresAt > at) emit({ type: 'session.ended', userId, appId, sessionId })
      return ended.length
    },
    emitUpdate(userId, before, after) {
      const changed = changedFields(before, after)
      if (changed.length > 0) emit({ type: 'user.updated', userId, changed })
    },
    drop(userIds) {
      if (!isNeeded) return
      queue.dropped.push(...userIds)
      queue.events = queue.events.filter(
        ({ personId, userId }) => !userIds.includes(personId) && !userIds.includes(userId),
      )
    },
    join(from, to) {
      if (!isNeeded) return
      queue.joined.push({ from, to })
      queue.events = queue.events.map((queued) =>
        queued.personId === from ? { ...queued, personId: to } : queued,
      )
    },
  }
  return { outbox, flush: () => writeQueue(queries, queue, now()) }
}

/** In the order of `seq`, in which every statement locks several deliveries. */
const drop = `with d as materialized (
    select seq from webhook_deliveries
    where person_id = any($1::text[]) or (user_id = any($1::text[]) and user_id <> person_id)
    order by seq for update)
  delete from webhook_deliveries x using d where x.seq = d.seq returning x.lease_until as until`
const join = `with d as materialized (
    select seq from webhook_deliveries where person_id = $1 order by seq for update)
  update webhook_deliveries x set person_id = $2 from d where x.seq = d.seq`
const readReceivers = `select
  (select coalesce(json_agg(json_build_array(id, events)), '[]') from webhooks where disabled_at is null)
    as webhooks,
  (select coalesce(json_agg(json_build_array(id, external_id, role)), '[]') from users
    where id = any($1::text[])) as users`

interface Receivers {
  readonly webhooks: readonly (readonly [id: string, events: string])[]
  readonly users: readonly (readonly [id: string, externalId: string | null, role: Role])[]
}

async function writeQueue(queries: Queries, queue: Queue, at: number): Promise<boolean> {
  const { events, dropped, joined } = queue
  const leases =
    dropped.length === 0 ? [] : await queries.all<{ until: number | null }>(drop, [dropped])
  const notBefore = Math.max(at, ...leases.map(({ until }) => until ?? 0))
  for (const { from, to } of joined) await queries.run(join, [from, to])
  if (events.length === 0) return false
  const userIds = [...new Set(events.map(({ event }) => event.userId))]
  const receivers = await queries.first<Receivers>(readReceivers, [userIds])
  const deliveries = receivers === null ? [] : deliveriesOf(events, receivers, { at, notBefore })
  if (deliveries.length > 0) await insertDeliveries(queries, deliveries)
  return deliveries.length > 0
}

/** One for each event and webhook that asks for it. Nothing is told about an administrator. */
function deliveriesOf(
  events: readonly QueuedEvent[],
  { webhooks, users }: Receivers,
  { at, notBefore }: { readonly at: number; readonly notBefore: number },
): NewDelivery[] {
  const known = new Map(users.map(([id, externalId, role]) => [id, { externalId, role }]))
  const wanted = webhooks.map(([id, names]) => ({ id, names: new Set(readEventNames(names)) }))
  return events.flatMap(({ event, ...subjects }) => {
    const user = known.get(event.userId)
    if (user?.role === 'admin') return []
    const { type, externalId = user?.externalId ?? null } = event
    const body = webhookBody({ ...event, externalId }, at)
    const eventId = newEventId()
    const dueAt = type === 'user.deleted' ? notBefore : at
    return wanted
      .filter(({ names }) => names.has(type))
      .map(({ id: webhookId }) => ({
        ...{ eventId, webhookId, type, body, occurredAt: at, dueAt },
        ...subjects,
      }))
  })
}
