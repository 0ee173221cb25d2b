import type { SignedInCaller } from '../session/session.ts'
import type { ServiceUser, ServiceUserChange, ServiceUserRef } from './service-user.ts'

/**
 * What other services read and change of users. No verb finds an administrator: a service key has no power over the
 * console.
 */
export interface ServiceUserStore {
  /** The session and its user as `SessionStore.find` returns them, and the external id, in one read. */
  findSession(sessionId: string): Promise<IntrospectedCaller | null>
  /**
   * The user, and what is asked for beside it, of one moment. For a user who was merged into another, the other one, also
   * by the external id that the merged user still has; an identity that a merged user still has finds no one, because it
   * signs in no one.
   */
  find(
    ref: ServiceUserRef,
    wanted: { readonly identities: boolean; readonly phone: boolean },
  ): Promise<ServiceUser | null>
  /**
   * Changes the given fields in one transaction. Disabling ends every session, as `PeopleStore.disable` does, and keeps
   * the first time. Of concurrent callers who give one external id to two users, one gets `external_id_taken`, and
   * nothing of that call is changed. `not_found` for a merged user too: what is changed is what the id names.
   */
  update(
    userId: string,
    change: ServiceUserChange & { readonly at: number },
  ): Promise<'updated' | 'not_found' | 'external_id_taken'>
  /** Ends all sessions of the user, and returns how many; null where there is no such user, or it was merged. */
  endSessions(userId: string): Promise<number | null>
}

export interface IntrospectedCaller extends SignedInCaller {
  readonly externalId: string | null
}
