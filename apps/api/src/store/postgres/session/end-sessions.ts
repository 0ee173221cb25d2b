import type { Transaction } from '../connection/index.ts'
import { type EndedSession, endedSessionColumns } from '../webhooks/outbox.ts'

const ended = `delete from sessions where id in (
  select id from sessions where user_id = any($1::text[]) and id is distinct from $2
    and ($3::text is null or app_id = $3)
  order by id for update)
  returning ${endedSessionColumns}`

/**
 * Ends the sessions of users, in the order of their ids: two verbs that delete several rows in different orders would
 * wait for each other. Call it inside a transaction. Returns how many ended.
 */
export const endSessions = async (
  tx: Transaction,
  userIds: readonly string[],
  {
    keep = null,
    appId = null,
  }: { readonly keep?: string | null; readonly appId?: string | null } = {},
): Promise<number> => tx.outbox.emitEnded(await tx.all<EndedSession>(ended, [userIds, keep, appId]))

const endedOne = `delete from sessions where id = $1 and user_id = $2 returning ${endedSessionColumns}`

/** Ends one session of a user. Call it inside a transaction. Returns whether there was one. */
export const endSession = async (
  tx: Transaction,
  { id, userId }: { readonly id: string; readonly userId: string },
): Promise<boolean> => tx.outbox.emitEnded(await tx.all<EndedSession>(endedOne, [id, userId])) === 1
