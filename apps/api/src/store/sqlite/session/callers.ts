import { type Caller, type CallerState, type RefusedCaller, refuseCaller } from '@mianmi/core'
import type { Database } from '../database.ts'

/**
 * Prepares the check of a caller. Call it inside the transaction of each verb that acts for a signed-in user, first: the
 * session may have ended since the token was verified.
 */
export function prepareCallers({ sqlite }: Pick<Database, 'sqlite'>) {
  const find = sqlite.prepare<[{ userId: string; sessionId: string }], CallerState>(
    `select u.role, u.disabled_at as disabledAt, u.merged_into as mergedInto,
       (select s.expires_at from sessions s where s.id = :sessionId and s.user_id = u.id) as sessionExpiresAt
     from users u where u.id = :userId`,
  )
  return ({ userId, sessionId, now }: Caller): RefusedCaller | null =>
    refuseCaller(find.get({ userId, sessionId }) ?? null, now)
}
