import {
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  webhookBody,
} from '../../../src/index.ts'
import type { DeliveryRow, MemoryState } from '../state.ts'

/** Where an event is written in another order than that of its user, or later than now. */
interface EventOrder {
  /** In whose order it is sent. */
  readonly personId?: string
  /** When it is due at the earliest. */
  readonly notBefore?: number
}

/** Writes an event for each enabled webhook that asks for it. Nothing is written about an administrator. */
export function emit(state: MemoryState, event: WebhookEvent, order: EventOrder = {}): void {
  const user = state.users.get(event.userId)
  if (user?.role === 'admin') return
  const externalId = event.externalId === undefined ? (user?.externalId ?? null) : event.externalId
  const wanting = [...state.webhooks.values()].filter(
    ({ disabledAt, events }) => disabledAt === null && events.includes(event.type),
  )
  const body = webhookBody({ ...event, externalId }, state.now())
  const eventId = newEventId(state)
  for (const { id: webhookId } of wanting)
    insertDelivery(state, {
      ...{ webhookId, eventId, type: event.type, body },
      ...usersOfEvent(event),
      occurredAt: state.now(),
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
  for (const row of state.deliveries.values()) {
    const isOfOther = userIds.includes(row.personId) && isKept(state, row)
    if (!userIds.includes(row.userId ?? '') && (isOfOther || !userIds.includes(row.personId)))
      continue
    until = Math.max(until, row.leaseUntil ?? 0)
    state.deliveries.delete(row.seq)
  }
  return until
}

/**
 * Without a merge and its undo, a receiver would not know whether the other user went with the deleted one. They have ids and
 * nothing else, so they are sent even when the merged user has been swept; other events only while their user exists.
 */
const isKept = (state: MemoryState, { type, userId, deadAt }: DeliveryRow): boolean =>
  type === 'user.merged' || type === 'user.unmerged'
    ? deadAt === null
    : state.users.has(userId ?? '')

/** What is to be sent about a merged user goes on in the order of the kept one. */
export function joinDeliveries(state: MemoryState, from: string, to: string): void {
  for (const row of state.deliveries.values())
    if (row.personId === from) state.deliveries.set(row.seq, { ...row, personId: to })
}
