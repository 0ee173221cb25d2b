import type { Role } from '../account/user.ts'
import { Failure } from '../failure.ts'
import type { SignedInCaller } from './session.ts'

/** The signed-in user for whom a verb of a store acts, and the time of the call in ms since the epoch. */
export interface Caller {
  readonly sessionId: string
  readonly userId: string
  readonly now: number
}

/** Why a verb refused its caller: the session ended, or an administrator disabled the user. Nothing was changed. */
export type RefusedCaller = 'unauthenticated' | 'user_disabled'

/** What a store finds of a caller in the transaction of the verb. */
export interface CallerState {
  readonly role: Role
  readonly disabledAt: number | null
  readonly mergedInto: string | null
  /** Of the session, where it still belongs to this user; null otherwise. */
  readonly sessionExpiresAt: number | null
}

/** The caller of a use case, as a store checks it. Call it right before the verb, because it reads the time. */
export const callerNow = (
  { now }: { readonly now: () => number },
  { session, user }: SignedInCaller,
): Caller => ({ sessionId: session.id, userId: user.id, now: now() })

/**
 * Decides in the transaction of a verb whether its caller may act: the token was verified before the call waited for
 * WeChat or for a password, and since then the session may have ended or the user may have been disabled.
 *
 * @param state null where the user does not exist
 */
export function refuseCaller(state: CallerState | null, now: number): RefusedCaller | null {
  // The owner of a merged user signs in to the user that it was merged into.
  if (state === null || state.mergedInto !== null) return 'unauthenticated'
  // No session of a mini program is an administrator's.
  if (state.role === 'admin') return 'unauthenticated'
  if (state.disabledAt !== null) return 'user_disabled'
  const { sessionExpiresAt } = state
  return sessionExpiresAt === null || sessionExpiresAt <= now ? 'unauthenticated' : null
}

/** @throws Failure `unauthenticated`, `user_disabled` where the store refused the caller */
export function accepted<T>(result: T): Exclude<T, RefusedCaller> {
  if (isRefused(result)) throw new Failure(result)
  return result as Exclude<T, RefusedCaller>
}

const isRefused = (result: unknown): result is RefusedCaller =>
  result === 'unauthenticated' || result === 'user_disabled'
