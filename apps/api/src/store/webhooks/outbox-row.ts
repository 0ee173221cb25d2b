import {
  type Role,
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  webhookBody,
} from '@mianmi/core'
import { newEventId } from './new-event-id.ts'

/** The events of one transaction as they are stored until they are fanned out. */
export interface OutboxRow {
  /** Ms since the epoch. */
  readonly at: number
  /** A JSON array of `WebhookEvent`. */
  readonly events: string
  /** A JSON array of `OutboxUser`: the users that `usersToRead` names, at the time of the events. */
  readonly users: string | null
}

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

/** The users whose external id and role the events need. A user who is created with them has none, and is no administrator. */
export function usersToRead(events: readonly WebhookEvent[]): string[] {
  const created = events.filter(({ type }) => type === 'user.created').map(({ userId }) => userId)
  const ids = events.filter(({ externalId }) => externalId === undefined).map((each) => each.userId)
  return [...new Set(ids)].filter((id) => !created.includes(id))
}

/** The events of a row, each with an id and a body. There is none about an administrator. */
export function readOutboxRow({ at, events, users }: OutboxRow): FannedOutEvent[] {
  const known = new Map(
    (JSON.parse(users ?? '[]') as OutboxUser[]).map(([id, ...user]) => [id, user]),
  )
  return (JSON.parse(events) as WebhookEvent[]).flatMap((event) => {
    const [externalId = null, role] = known.get(event.userId) ?? []
    if (role === 'admin') return []
    const { type, externalId: given = externalId } = event
    const body = webhookBody({ ...event, externalId: given }, at)
    return [{ eventId: newEventId(), type, ...usersOfEvent(event), body, at, notBefore: at }]
  })
}
