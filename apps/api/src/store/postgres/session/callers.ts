import {
  type Caller,
  type CallerState,
  refuseCaller as decide,
  type RefusedCaller,
} from '@mianmi/core'
import type { Queries } from '../connection/index.ts'

const callerState = `select u.role, u.disabled_at as "disabledAt", u.merged_into as "mergedInto",
    (select s.expires_at from sessions s where s.id = $2 and s.user_id = u.id) as "sessionExpiresAt"
  from users u where u.id = $1`

/**
 * Checks the caller of a verb inside its transaction, after the caller's row is locked: the session may have ended since
 * the token was verified.
 */
export async function refuseCaller(
  queries: Queries,
  { userId, sessionId, now }: Caller,
): Promise<RefusedCaller | null> {
  return decide(await queries.first<CallerState>(callerState, [userId, sessionId]), now)
}
