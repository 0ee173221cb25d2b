import type { NewUser } from '../../identity/identity-store.ts'
import type { FactorProof } from '../sign-in/administrator-store.ts'

/** A code that lets an administrator enrol an authenticator app, once. Times are milliseconds since the epoch. */
export interface NewEnrolment {
  readonly hash: string
  readonly expiresAt: number
}

/** An administrator in the list of the admin console. Times are milliseconds since the epoch. */
export interface ListedAdministrator {
  readonly id: string
  readonly account: string | null
  readonly createdAt: number
  readonly disabledAt: number | null
  /** When a console session was last used; null where none is open. */
  readonly lastSeenAt: number | null
  readonly hasSecondFactor: boolean
  /** Until when an app can be enrolled; null where no code is valid. */
  readonly enrolmentExpiresAt: number | null
}

/** The administrator who acts, and a code of that administrator's second factor, which the verb consumes. */
export interface ProvenActor {
  readonly adminId: string
  /** The session in which the administrator acts. It may have ended meanwhile. */
  readonly sessionHash: string
  readonly proof: FactorProof
}

/**
 * `last_administrator`: no other administrator could sign in. `proof_rejected`: the code was used before, or the
 * administrator who acts has lost the role or was disabled, or their session has ended.
 */
export type RoleRefusal = 'not_found' | 'last_administrator' | 'proof_rejected'

/**
 * Who has the role `admin`. Each verb that changes something is one transaction, which also consumes the code of the
 * administrator who acts; a refused verb consumes none. Of concurrent callers that together would leave no administrator
 * who can sign in (`isLastAdministrator`), the last one is refused.
 */
export interface RoleStore {
  /** In the order of creation. */
  list(now: number): Promise<readonly ListedAdministrator[]>
  /** Creates a user with the role `admin`. A user who exists is not changed. */
  add(request: {
    user: NewUser
    enrolment: NewEnrolment
    by: ProvenActor
  }): Promise<'added' | 'account_taken' | 'proof_rejected'>
  /**
   * Makes an administrator an ordinary user, who keeps name and password. The second factor, the console sessions and
   * the known browsers go.
   */
  remove(request: { userId: string; by: ProvenActor }): Promise<'removed' | RoleRefusal>
  /** Replaces the second factor by a code to enrol another one. The console sessions and the known browsers go. */
  resetFactor(request: {
    userId: string
    enrolment: NewEnrolment
    by: ProvenActor
  }): Promise<'reset' | RoleRefusal>
}
