import type { Origin } from '../audit/audit-log.ts'
import type { ServiceScope, VerifiedServiceKey } from '../service-keys/service-key.ts'
import type { ServiceUser, ServiceUserChange, ServiceUserRef } from './service-user.ts'

/** Another service that calls with its key, and where the request came from. */
export interface ServiceActor {
  readonly key: VerifiedServiceKey
  readonly origin: Origin
}

/** What a valid access token says, and what its session says now. Times are milliseconds since the epoch. */
export interface Introspection {
  readonly sessionId: string
  readonly userId: string
  readonly appId: string
  readonly externalId: string | null
  readonly issuedAt: number
  readonly expiresAt: number
}

/** A user after a change: nothing but what the change can set, where the key may not read users. */
export type ChangedUser = Pick<ServiceUser, 'id' | 'externalId' | 'disabledAt'> &
  Partial<ServiceUser>

/**
 * The use cases of other services. Every verb but `authenticate` throws Failure `forbidden` without its scope and
 * `rate_limited` for a key that calls too often, and every verb that names a user throws `not_found` where there is none,
 * and for an administrator. What reads or changes a user is in the audit log, under the key, before the reply.
 */
export interface ServiceApi {
  /** @throws Failure `unauthenticated` for any fault of the key */
  authenticate(key: string | null, origin: Origin): Promise<ServiceActor>
  /**
   * Refuses a key without a scope as the verb of this scope does, with its line and its limit: for a call whose input is
   * invalid too. @throws Failure `forbidden`, `rate_limited`
   */
  requireScope(actor: ServiceActor, scope: ServiceScope): Promise<void>
  /**
   * What an access token is worth at this moment, by the rules by which `me` accepts it; null for any fault of it. A
   * refresh token is none. Scope `introspect`.
   */
  introspect(actor: ServiceActor, token: string): Promise<Introspection | null>
  /**
   * A user, with identities and number where the key has their scopes. For a user who was merged into another, the other
   * one. Scope `users:read`.
   */
  viewUser(actor: ServiceActor, ref: ServiceUserRef): Promise<ServiceUser>
  /**
   * Sets the external id, disables or enables. Disabling ends every session. Scope `users:write`. @throws Failure
   * `account_taken` where another user has the external id
   */
  changeUser(actor: ServiceActor, userId: string, change: ServiceUserChange): Promise<ChangedUser>
  /** Ends all sessions of a user, and returns how many. Scope `sessions:end`. */
  endUserSessions(actor: ServiceActor, userId: string): Promise<number>
}
