import { maxSessions, type NewSession } from '@mianmi/core'
import type { Transaction } from '../connection/index.ts'
import { type EndedSession, endedSessionColumns } from '../webhooks/outbox.ts'

const insert = `insert into sessions
  (id, user_id, app_id, device, created_at, last_seen_at, rotated_at, expires_at, secret)
  values ($1, $2, $3, $4, $5, $5, $5, $6, $7)`

/** In one statement: a first sign-in has six, and one more would cost it a fifth of what it costs itself. */
const insertWithEvents = `with o as (insert into webhook_outbox (at, events) values ($8, $9)) ${insert}`

/** Those that are too many, except the newest one: the ones that were not seen for the longest time. */
const excess = `delete from sessions where id in (
  select id from sessions where user_id = $1 and id <> $2
  order by case when last_seen_at <= $3 then last_seen_at when created_at <= $3 then created_at else 0 end desc,
    created_at desc, id desc offset ${maxSessions - 1})
  returning ${endedSessionColumns}`

/**
 * Opens a session, and ends one that the user has beyond `maxSessions`. Call it inside a transaction that has locked the
 * user, so that two of them do not count each other's session as missing.
 */
export async function openSession(
  tx: Transaction,
  { id, appId, device, createdAt, expiresAt, secret }: NewSession,
  { id: userId, isNew }: { readonly id: string; readonly isNew: boolean },
): Promise<void> {
  const row = [id, userId, appId, device, createdAt, expiresAt, secret]
  const events = isNew ? await tx.outbox.takeRow() : null
  await (events === null ? tx.run(insert, row) : tx.run(insertWithEvents, [...row, ...events]))
  if (isNew) return
  tx.outbox.emitEnded(await tx.all<EndedSession>(excess, [userId, id, createdAt]))
}

/** Ends the sessions of a user in each app where the user has no identity. */
export const endUnidentified = async (tx: Transaction, userId: string): Promise<void> =>
  void tx.outbox.emitEnded(
    await tx.all<EndedSession>(
      `delete from sessions where id in (
       select id from sessions s where user_id = $1 and not exists (
         select 1 from identities i where i.user_id = s.user_id and i.app_id = s.app_id)
       order by id for update)
     returning ${endedSessionColumns}`,
      [userId],
    ),
  )
