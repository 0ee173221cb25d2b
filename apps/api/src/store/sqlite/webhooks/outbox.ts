import {
  changedFields,
  type Role,
  type UpdatedField,
  usersOfEvent,
  type WebhookDeliveryType,
  type WebhookEvent,
  webhookBody,
} from '@mianmi/core'
import { newEventId } from '../../webhooks/new-event-id.ts'
import { createAtFirstUse } from '../at-first-use.ts'
import type { Database } from '../database.ts'

/** A session that was deleted. */
export interface EndedSession {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly expiresAt: number
}

/** The columns of `EndedSession`, to be returned by a deletion. */
export const endedSessionColumns = 'id, user_id as userId, app_id as appId, expires_at as expiresAt'

type UserState = Readonly<Partial<Record<UpdatedField, string | null>>>

/** Where an event is written in another order than that of its user, or later than now. */
interface EventOrder {
  /** In whose order it is sent. */
  readonly personId?: string
  /** When it is due at the earliest. */
  readonly notBefore?: number
}

/**
 * Writes the events of the verbs, in their transactions. Where no webhook asks for an event, it costs one look into a table
 * with no row. Nothing is written about an administrator.
 */
export function prepareOutbox(database: Pick<Database, 'sqlite' | 'outbox' | 'now'>) {
  const { now } = database
  // At first use: nearly all of the verbs that may tell something are called long after the start.
  const statements = createAtFirstUse(() => prepareStatements(database))
  const emit = (event: WebhookEvent, order: EventOrder = {}): void => {
    const { wanting, findUser, insert } = statements
    const webhookIds = wanting.all(event.type)
    if (webhookIds.length === 0) return
    const user = findUser.get(event.userId)
    if (user?.role === 'admin') return
    const { externalId = user?.externalId ?? null } = event
    const at = now()
    const body = webhookBody({ ...event, externalId }, at)
    const eventId = newEventId()
    for (const webhookId of webhookIds)
      insert({
        ...{ webhookId, eventId, type: event.type, body, at },
        ...usersOfEvent(event),
        ...order,
      })
  }
  return {
    emit,
    /** Tells the sessions that have not expired before. Returns how many were deleted. */
    emitEnded: (ended: readonly EndedSession[]): number => {
      const at = now()
      for (const { id: sessionId, userId, appId, expiresAt } of ended)
        if (expiresAt > at) emit({ type: 'session.ended', userId, appId, sessionId })
      return ended.length
    },
    /** Tells which fields of a user have another value, where there is one. */
    emitUpdate: (userId: string, before: UserState, after: UserState): void => {
      const changed = changedFields(before, after)
      if (changed.length > 0) emit({ type: 'user.updated', userId, changed })
    },
    /**
     * Drops what is to be sent about users who are deleted. Returns when the last lease of it ends. In their order it leaves
     * what is of a user who is not deleted with them.
     */
    drop: (userIds: readonly string[]): number => {
      const leases = statements.drop.all({ userIds: JSON.stringify(userIds) })
      return Math.max(0, ...leases.map((until) => until ?? 0))
    },
    /** What is to be sent about a merged user goes on in the order of the kept one. */
    join: (from: string, to: string): void => void statements.join.run({ from, to }),
  }
}

/**
 * Without a merge and its undo, a receiver would not know whether the other user went with the deleted one. They have ids and
 * nothing else, so they are sent even when the merged user has been swept; other events only while their user exists.
 */
const isOfDeleted = `user_id in (select value from json_each(:userIds))
  or case when type in ('user.merged', 'user.unmerged') then dead_at is not null
     else not exists (select 1 from users where id = user_id) end`

function prepareStatements({ sqlite, outbox }: Pick<Database, 'sqlite' | 'outbox'>) {
  return {
    insert: prepareDeliveryInsert({ sqlite, outbox }),
    wanting: sqlite
      .prepare<[string], string>(
        `select id from webhooks
         where disabled_at is null and instr(' ' || events || ' ', ' ' || ? || ' ') > 0`,
      )
      .pluck(),
    findUser: sqlite.prepare<[string], { externalId: string | null; role: Role }>(
      'select external_id as externalId, role from users where id = ?',
    ),
    drop: sqlite
      .prepare<[{ userIds: string }], number | null>(
        `delete from webhook_deliveries
         where (person_id in (select value from json_each(:userIds)) and (${isOfDeleted}))
           or (user_id in (select value from json_each(:userIds)) and user_id <> person_id)
         returning lease_until`,
      )
      .pluck(),
    join: sqlite.prepare('update webhook_deliveries set person_id = :to where person_id = :from'),
  }
}

export interface NewDelivery {
  readonly webhookId: string
  readonly eventId: string
  readonly type: WebhookDeliveryType
  readonly personId: string
  readonly userId: string | null
  readonly body: string
  readonly at: number
  /** When it is due at the earliest. */
  readonly notBefore?: number
}

/** Prepares the insertion of a delivery, to be called inside a transaction. */
export function prepareDeliveryInsert({ sqlite, outbox }: Pick<Database, 'sqlite' | 'outbox'>) {
  // Those of one person that wait for a failed one are due with it. `max` would read the index of `due_at`.
  const insert = sqlite.prepare(
    `insert into webhook_deliveries
       (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at, pending_since)
     values (:eventId, :webhookId, :type, :personId, :userId, :at, :body,
       max(:at, :notBefore, coalesce((select due_at from webhook_deliveries
         where person_id = :personId and webhook_id = :webhookId and dead_at is null
         order by seq desc limit 1), 0)), :at)`,
  )
  return ({ notBefore = 0, ...delivery }: NewDelivery): void => {
    insert.run({ ...delivery, notBefore })
    outbox.note()
  }
}
