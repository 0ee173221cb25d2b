import type { Transaction } from '../connection/index.ts'

const ended = `delete from sessions where id in (
  select id from sessions where user_id = any($1::text[]) and id is distinct from $2
    and ($3::text is null or app_id = $3)
  order by id for update)`

/**
 * Ends the sessions of users, in the order of their ids: two verbs that delete several rows in different orders would
 * wait for each other. Call it inside a transaction. Returns how many ended.
 */
export const endSessions = (
  tx: Transaction,
  userIds: readonly string[],
  {
    keep = null,
    appId = null,
  }: { readonly keep?: string | null; readonly appId?: string | null } = {},
): Promise<number> => tx.run(ended, [userIds, keep, appId])
