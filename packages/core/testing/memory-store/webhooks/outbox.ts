import {
  keptEventTypes,
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  type WebhookEventType,
  webhookBody,
} from '../../../src/index.ts'
import type { DeliveryRow, EventOrder, MemoryState, WaitingEvent, WebhookRow } from '../state.ts'

/** Writes an event, to be fanned out. Nothing is written about an administrator. */
export function emit(state: MemoryState, event: WebhookEvent, order?: EventOrder): void {
  const user = state.users.get(event.userId)
  if (user?.role === 'admin') return
  const externalId = event.externalId === undefined ? (user?.externalId ?? null) : event.externalId
  if ([...state.webhooks.values()].some((webhook) => isAskedFor(webhook, event.type)))
    state.waitingEvents.push({
      event: { ...event, externalId },
      order: { ...usersOfEvent(event), ...order },
      at: state.now(),
    })
}

const isAskedFor = ({ disabledAt, events }: WebhookRow, type: WebhookEventType): boolean =>
  events.includes(type) && (disabledAt === null || keptEventTypes.includes(type))

/** Makes deliveries of all events that were written. To be called before a change of the webhooks that ask for them. */
export function fanOut(state: MemoryState): void {
  for (const waiting of state.waitingEvents.splice(0)) insertDeliveries(state, waiting)
}

/** Of the webhooks that ask for an event. */
function insertDeliveries(state: MemoryState, waiting: WaitingEvent): void {
  const { event, order, at: occurredAt } = waiting
  const eventId = newEventId(state)
  const body = webhookBody(event, occurredAt)
  for (const webhook of state.webhooks.values())
    if (isAskedFor(webhook, event.type))
      insertDelivery(state, {
        ...{ webhookId: webhook.id, eventId, type: event.type, body, occurredAt },
        ...order,
      })
}

export const newEventId = (state: MemoryState): string => `evt_${state.takeSerial()}`

export function insertDelivery(
  state: MemoryState,
  {
    notBefore = 0,
    ...row
  }: Pick<DeliveryRow, 'webhookId' | 'eventId' | 'personId' | 'userId' | 'body' | 'occurredAt'> & {
    readonly type: WebhookDeliveryType
    readonly notBefore?: number
  },
): void {
  const { webhookId, personId, occurredAt } = row
  // Those of one person that wait for a failed one are due with it.
  const waiting = pendingOf(state, webhookId).filter((other) => other.personId === personId)
  const dueAt = Math.max(occurredAt, notBefore, ...waiting.map((other) => other.dueAt))
  const seq = state.takeSerial()
  const delivery = {
    pendingSince: occurredAt,
    attempts: 0,
    error: null,
    lease: null,
    leaseUntil: null,
    deadAt: null,
  }
  state.deliveries.set(seq, { ...row, ...delivery, seq, dueAt })
}

export const pendingOf = (state: MemoryState, webhookId: string): DeliveryRow[] =>
  [...state.deliveries.values()]
    .filter((row) => row.webhookId === webhookId && row.deadAt === null)
    .sort((a, b) => a.seq - b.seq)

/**
 * Drops what is to be sent about users who are deleted. Returns when the last lease of it ends. In their order it leaves what
 * is of a user who is not deleted with them.
 */
export function dropDeliveriesOf(state: MemoryState, userIds: readonly string[]): number {
  let until = 0
  const isDropped = (row: KeptRow): boolean =>
    userIds.includes(row.userId ?? '') || (userIds.includes(row.personId) && !isKept(state, row))
  const dropped = [...state.deliveries.values()].filter(isDropped)
  for (const row of dropped) {
    until = Math.max(until, row.leaseUntil ?? 0)
    state.deliveries.delete(row.seq)
  }
  // What is left in their order waits for the attempts that are under way.
  for (const row of dropped) postponeHead(state, row, until)
  const rowOf = ({ event: { type }, order }: WaitingEvent) => ({ type, ...order, deadAt: null })
  const left = state.waitingEvents
    .filter((waiting) => !isDropped(rowOf(waiting)))
    .map(({ order, ...waiting }) => ({
      ...waiting,
      order: userIds.includes(order.personId) ? { ...order, notBefore: until } : order,
    }))
  state.waitingEvents.splice(0, Number.POSITIVE_INFINITY, ...left)
  return until
}

/** The first pending delivery of a person to a webhook. */
export const headOf = (
  state: MemoryState,
  { webhookId, personId }: Pick<DeliveryRow, 'webhookId' | 'personId'>,
): DeliveryRow | undefined => pendingOf(state, webhookId).find((row) => row.personId === personId)

/** Lets the first delivery of a person be due at a time at the earliest. */
export function postponeHead(
  state: MemoryState,
  { webhookId, personId }: Pick<DeliveryRow, 'webhookId' | 'personId'>,
  at: number,
): void {
  const head = headOf(state, { webhookId, personId })
  if (head !== undefined && head.dueAt < at) state.deliveries.set(head.seq, { ...head, dueAt: at })
}

type KeptRow = Pick<DeliveryRow, 'type' | 'personId' | 'userId' | 'deadAt'>

/**
 * Without a merge and its undo, a receiver would not know whether the other user went with the deleted one. They have ids and
 * nothing else, so they are sent even when the merged user has been swept; other events only while their user exists.
 */
const isKept = (state: MemoryState, { type, userId, deadAt }: KeptRow): boolean =>
  type === 'user.merged' || type === 'user.unmerged'
    ? deadAt === null
    : state.users.has(userId ?? '')

/** What is to be sent about a merged user goes on in the order of the kept one. */
export function joinDeliveries(state: MemoryState, from: string, to: string): void {
  for (const row of state.deliveries.values())
    if (row.personId === from) state.deliveries.set(row.seq, { ...row, personId: to })
  for (const [index, waiting] of state.waitingEvents.entries())
    if (waiting.order.personId === from)
      state.waitingEvents[index] = { ...waiting, order: { ...waiting.order, personId: to } }
}
