import {
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  webhookBody,
} from '../../../src/index.ts'
import type { DeliveryRow, MemoryState } from '../state.ts'

/**
 * Writes an event for each enabled webhook that asks for it. Nothing is written about an administrator.
 *
 * @param notBefore when it is due at the earliest
 */
export function emit(state: MemoryState, event: WebhookEvent, notBefore = 0): void {
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
      notBefore,
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

/** Drops what is to be sent about users who are deleted. Returns when the last lease of it ends. */
export function dropDeliveriesOf(state: MemoryState, userIds: readonly string[]): number {
  let until = 0
  for (const row of state.deliveries.values()) {
    if (!userIds.includes(row.personId) && !userIds.includes(row.userId ?? '')) continue
    until = Math.max(until, row.leaseUntil ?? 0)
    state.deliveries.delete(row.seq)
  }
  return until
}

/** What is to be sent about a merged user goes on in the order of the kept one. */
export function joinDeliveries(state: MemoryState, from: string, to: string): void {
  for (const row of state.deliveries.values())
    if (row.personId === from) state.deliveries.set(row.seq, { ...row, personId: to })
}
