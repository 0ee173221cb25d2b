import { type Caller, type RefusedCaller, refuseCaller } from '../../../src/index.ts'
import type { MemoryState } from '../state.ts'

/** To be called first in every verb that acts for a signed-in user. */
export function refusalOfCaller(
  state: MemoryState,
  { sessionId, userId, now }: Caller,
): RefusedCaller | null {
  const user = state.users.get(userId)
  if (user === undefined) return refuseCaller(null, now)
  const session = state.sessions.get(sessionId)
  const sessionExpiresAt = session?.userId === userId ? session.expiresAt : null
  return refuseCaller({ ...user, sessionExpiresAt }, now)
}
