import {
  isWebhookEventType,
  type Role,
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  webhookBody,
} from '@mianmi/core'
import { newEventId } from './new-event-id.ts'

/** The events of one transaction as they are stored until they are fanned out. */
export interface OutboxRow {
  readonly id: number
  /** Ms since the epoch. Not above 0 where the row was set aside, because it cannot be read: then the negative time. */
  readonly at: number
  /** A JSON array of `StoredEvent`. */
  readonly events: string
  /** A JSON array of `OutboxUser`: the users that `usersToRead` names, at the time of the events. */
  readonly users: string | null
}

/** Where an event is sent in another order than that of its user, or later than it happened. */
export interface EventOrder {
  readonly personId: string
  /** When it is due at the earliest, ms since the epoch. */
  readonly notBefore?: number | undefined
}

export type StoredEvent = WebhookEvent & { readonly order?: EventOrder | undefined }

export type OutboxUser = readonly [id: string, externalId: string | null, role: Role]

/** An event to be sent to the webhooks that ask for its type. */
export interface FannedOutEvent {
  readonly eventId: string
  readonly type: WebhookDeliveryType
  /** In whose order it is sent. */
  readonly personId: string
  readonly userId: string
  readonly body: string
  readonly at: number
  /** When it is due at the earliest. */
  readonly notBefore: number
}

/** What a row holds. */
export interface ReadRow {
  readonly id: number
  readonly events: readonly StoredEvent[]
  /** Makes an event of the row one to be sent; null where it is about an administrator, of whom nothing is told. */
  fanOut(event: StoredEvent): FannedOutEvent | null
  /** What is no event that this version knows; null where there is none. It is kept as the events of the row. */
  readonly unreadable: string | null
}

/** The users whose external id and role the events need. A user who is created with them has none, and is no administrator. */
export function usersToRead(events: readonly WebhookEvent[]): string[] {
  const created = events.filter(({ type }) => type === 'user.created').map(({ userId }) => userId)
  const ids = events.filter(({ externalId }) => externalId === undefined).map((each) => each.userId)
  return [...new Set(ids)].filter((id) => !created.includes(id))
}

/** Reads a row. What another version has written, or a hand has changed, must not hold up what else is written. */
export function readOutboxRow({ id, at, events, users }: OutboxRow): ReadRow {
  const found = parseArray(events)
  const known = parseArray(users ?? '[]')
  if (found === null || known?.every(isUser) !== true || !isTime(at))
    return { id, events: [], fanOut: () => null, unreadable: events }
  const userOf = new Map((known as OutboxUser[]).map(([userId, ...user]) => [userId, user]))
  const others = found.filter((value) => !isStoredEvent(value))
  return {
    id,
    events: found.filter(isStoredEvent),
    unreadable: others.length === 0 ? null : JSON.stringify(others),
    fanOut({ order, ...event }) {
      const [externalId = null, role] = userOf.get(event.userId) ?? []
      if (role === 'admin') return null
      const { type, externalId: given = externalId } = event
      const body = webhookBody({ ...event, externalId: given }, at)
      const { personId, userId } = { ...usersOfEvent(event), ...order }
      const notBefore = order?.notBefore ?? at
      return { eventId: newEventId(), type, personId, userId, body, at, notBefore }
    },
  }
}

/** The elements of a JSON array; null where the text is none. */
export function parseArray(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

export function isStoredEvent(value: unknown): value is StoredEvent {
  if (!isObject(value)) return false
  const { type, userId, order } = value
  if (typeof type !== 'string' || !isWebhookEventType(type) || typeof userId !== 'string')
    return false
  if (type === 'user.merged' || type === 'user.unmerged')
    if (typeof value['mergedUserId'] !== 'string') return false
  return order === undefined || isOrder(order)
}

const isOrder = (value: unknown): boolean =>
  isObject(value) &&
  typeof value['personId'] === 'string' &&
  (value['notBefore'] === undefined || isTime(value['notBefore']))

const isUser = (value: unknown): boolean => Array.isArray(value) && typeof value[0] === 'string'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Whether it is a time that a `Date` can have. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime())
