import {
  changedFields,
  type UpdatedField,
  usersOfEvent,
  type WebhookEvent,
  webhookBody,
} from '@mianmi/core'
import { newEventId } from '../../webhooks/new-event-id.ts'
import { createAtFirstUse } from '../at-first-use.ts'
import type { Database } from '../database.ts'
import { prepareFanOut } from './fan-out.ts'

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

/** A user who was deleted, and when it may be told at the earliest, in whose order. */
interface Deletion {
  readonly userId: string
  readonly externalId: string | null
  readonly personId: string
  readonly notBefore: number
}

/** The events of the verbs, written in their transactions. Nothing is written about an administrator. */
export function prepareOutbox(database: Pick<Database, 'sqlite' | 'outbox' | 'now'>) {
  const { outbox, now } = database
  // At first use: nearly all of the verbs that may tell something are called long after the start.
  const statements = createAtFirstUse(() => prepareStatements(database))
  const emit = (event: WebhookEvent): void => outbox.add(event, now())
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
    /** Tells the deletion of a user, after `drop`. */
    emitDeletion: ({ userId, externalId, personId, notBefore }: Deletion): void => {
      const at = now()
      const event = { type: 'user.deleted', userId, externalId } as const
      const sent = { type: event.type, ...usersOfEvent(event), body: webhookBody(event, at) }
      statements.fanOut.insert({ eventId: newEventId(), ...sent, personId, at, notBefore })
      outbox.note()
    },
    /**
     * Drops what is to be sent about users who are deleted. Returns when the last lease of it ends. In their order it leaves
     * what is of a user who is not deleted with them.
     */
    drop: (userIds: readonly string[]): number => {
      statements.fanOut.all()
      const leases = statements.drop.all({ userIds: JSON.stringify(userIds) })
      return Math.max(0, ...leases.map((until) => until ?? 0))
    },
    /** What is to be sent about a merged user goes on in the order of the kept one. */
    join: (from: string, to: string): void => {
      statements.fanOut.all()
      statements.join.run({ from, to })
    },
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
    fanOut: prepareFanOut({ sqlite, outbox }),
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
