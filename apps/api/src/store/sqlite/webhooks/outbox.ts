import { changedFields, type UpdatedField, type WebhookEvent } from '@mianmi/core'
import {
  type ChangedRow,
  dropFromRows,
  joinInRows,
  othersInOrderOf,
} from '../../webhooks/change-rows.ts'
import type { OutboxRow } from '../../webhooks/outbox-row.ts'
import { createAtFirstUse } from '../at-first-use.ts'
import type { Database } from '../database.ts'
import { type DeliveryStream, distinctStreams, preparePostponing } from './going-on.ts'

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
      const order = { personId, notBefore: Math.max(at, notBefore) }
      outbox.add({ type: 'user.deleted', userId, externalId, order }, at)
    },
    /**
     * Drops what is to be sent about users who are deleted, also what waits for the fan-out. Returns when the last lease of it
     * ends. In their order it leaves what is of a user who is not deleted with them, to be sent after that.
     */
    drop: (userIds: readonly string[]): number => {
      const dropped = statements.drop.all({ userIds: JSON.stringify(userIds) })
      const until = dropped.reduce((latest, row) => Math.max(latest, row.leaseUntil ?? 0), 0)
      for (const stream of distinctStreams(dropped))
        statements.postpone(stream, Math.max(now(), until))
      outbox.write()
      const rows = statements.rowsNaming(userIds)
      const goneIds = othersInOrderOf(rows, userIds).filter((id) => !statements.isUser(id))
      const notBefore = until === 0 ? null : until
      statements.change(dropFromRows(rows, { userIds, goneIds, notBefore }))
      return until
    },
    /** What is to be sent about a merged user, or waits for the fan-out, goes on in the order of the kept one. */
    join: (from: string, to: string): void => {
      statements.join.run({ from, to })
      outbox.write()
      statements.change(joinInRows(statements.rowsNaming([from]), { from, to }))
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

type DroppedRow = DeliveryStream & { readonly leaseUntil: number | null }

function prepareStatements({ sqlite }: Pick<Database, 'sqlite'>) {
  // Ids are random, so a row that has one as a part of another text has it by chance, which changes nothing. Of a row that was
  // fanned out in part, the users alone may name one.
  const naming = sqlite.prepare<[string], OutboxRow>(
    `select id, at, events, users from webhook_outbox where exists (
       select 1 from json_each(?) where instr(events, value) > 0 or instr(users, value) > 0)
     order by id`,
  )
  const change = sqlite.prepare(
    'update webhook_outbox set events = :events, users = :users where id = :id',
  )
  const remove = sqlite.prepare('delete from webhook_outbox where id = ?')
  const user = sqlite.prepare('select 1 from users where id = ?')
  return {
    rowsNaming: (userIds: readonly string[]) => naming.all(JSON.stringify(userIds)),
    isUser: (id: string): boolean => user.get(id) !== undefined,
    change: (rows: readonly ChangedRow[]): void => {
      for (const { id, content } of rows)
        if (content === null) remove.run(id)
        else change.run({ id, ...content })
    },
    drop: sqlite.prepare<[{ userIds: string }], DroppedRow>(
      `delete from webhook_deliveries
       where (person_id in (select value from json_each(:userIds)) and (${isOfDeleted}))
         or (user_id in (select value from json_each(:userIds)) and user_id <> person_id)
       returning webhook_id as webhookId, person_id as personId, lease_until as leaseUntil`,
    ),
    postpone: preparePostponing({ sqlite }),
    join: sqlite.prepare('update webhook_deliveries set person_id = :to where person_id = :from'),
  }
}
