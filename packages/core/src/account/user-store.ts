import type { SignInRules } from '../identity/sign-in-means.ts'
import type { UserRecord } from './user.ts'

export interface UserStore {
  /** The user with this normal form of an account name. A plain read; it proves nothing. */
  findByAccount(accountKey: string): Promise<UserRecord | null>
  /** The user with this phone number, in the form of `phoneNumber`. A plain read; it proves nothing. */
  findByPhone(phone: string): Promise<UserRecord | null>
  /** Null where the user has no password or does not exist. */
  findPasswordHash(userId: string): Promise<string | null>
  /**
   * Changes the given fields and keeps the others. A stored picture is deleted in the same transaction when its
   * address is replaced. Null where the user does not exist.
   */
  updateProfile(userId: string, change: ProfileChange): Promise<UserRecord | null>
  /**
   * Compare-and-set: stores `to` where the hash is still `from`, and ends every other session in the same
   * transaction. Of concurrent changes from the same hash one is `changed` and the others are `outdated`. `name` is given
   * to a user who has no account name; `account_taken` where another user has it. `unnamed` where it would be a first
   * password of a user without a name and a number, who could not sign in by it.
   */
  changePassword(change: {
    userId: string
    from: string | null
    to: string
    keepSessionId: string
    name?: { account: string; accountKey: string }
  }): Promise<'changed' | 'outdated' | 'account_taken' | 'unnamed'>
  /**
   * Gives the user a phone number that was proven now; the user's own number is proven again. `taken` where another
   * user has it, unless that proof is older than the rules allow and its user can sign in without the number: then the
   * other user loses the number and nothing else. Of concurrent callers one gets it. Null where the user does not exist.
   */
  setPhone(userId: string, phone: string, rules: SignInRules): Promise<UserRecord | 'taken' | null>
  /**
   * Deletes the user and all personal data: identities, sessions, keys, and network addresses in the audit log.
   */
  remove(userId: string): Promise<void>
}

export interface ProfileChange {
  readonly nickname?: string | null | undefined
  readonly avatarUrl?: string | null | undefined
}
