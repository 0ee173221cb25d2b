import type { NewUser, UserRecord } from '@mianmi/core'
import type { NewEnrolment } from '@mianmi/core/admin'

/** An administrator, and the new user who has the WeChat identities from now on. */
export interface SeparatedAdministrator {
  readonly adminId: string
  readonly userId: string
  /** Whether the phone number was lost, because it was sealed under a key that is not configured. */
  readonly phoneLost: boolean
}

/** What starts and commands do to administrators, without a session of the console. Each verb is one transaction. */
export interface AdministratorAccounts {
  /** Whether there is an administrator. A plain read. */
  has(): Promise<boolean>
  /**
   * Creates a user with the role `admin`. An existing account of that name is not changed; with `first`, neither is a
   * database that has an administrator: of several concurrent starts one creates the user.
   */
  add(
    administrator: { readonly user: NewUser; readonly enrolment: NewEnrolment },
    options: { readonly first: boolean },
  ): Promise<'created' | 'has_administrator' | 'account_taken'>
  /**
   * Stores a password and ends the console sessions; no browser stays known. Null where no administrator has this name.
   * Of callers that race the last one's password counts.
   */
  setPassword(accountKey: string, passwordHash: string): Promise<UserRecord | null>
  /**
   * Removes the second factor, recovery codes, console sessions and known browsers, and stores an enrolment code. Null
   * where no administrator has this name. Of callers that race the last one's code counts.
   */
  resetFactor(accountKey: string, enrolment: NewEnrolment): Promise<UserRecord | null>
  /**
   * Replaces the enrolment code of an administrator without a second factor; false where there is none. A factor that is
   * enrolled at the same time is not removed.
   */
  renewEnrolment(accountKey: string, enrolment: NewEnrolment): Promise<boolean>
  /** The account names of those who can enrol no second factor: they have neither one nor a valid code. A plain read. */
  listUnenrolled(now: number): Promise<readonly string[]>
  /**
   * In earlier versions an administrator could sign in to a mini program. Moves everything of the mini programs from each
   * such administrator to a new user, with the lines for the audit log, which must be open, in the same transaction. Of
   * concurrent starts one finds something to move; later ones find nothing.
   */
  separate(tools: {
    readonly newId: () => string
    readonly now: () => number
  }): Promise<readonly SeparatedAdministrator[]>
  /** Creates a user without an identity. False where the account name is taken: of callers that race one creates it. */
  addUser(user: NewUser): Promise<boolean>
}
