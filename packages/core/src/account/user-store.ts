import type { UserRecord } from './user.ts'

export interface UserStore {
  /** The user whose account name has this normal form. A plain read: the caller decides what it proves. */
  findByAccount(accountKey: string): Promise<UserRecord | null>
  /** Null where the user has no password, or is gone. */
  findPasswordHash(userId: string): Promise<string | null>
  /**
   * Changes what is given and leaves the rest; a kept picture whose address is given up is gone in the
   * same step. Null where the user is gone.
   */
  updateProfile(userId: string, change: ProfileChange): Promise<UserRecord | null>
  /**
   * Sets the new hash where `from` is still the hash, and ends every other session in the same step. Of
   * changes that race from one password one goes through and the others are told false.
   */
  changePassword(change: {
    userId: string
    from: string | null
    to: string
    keepSessionId: string
  }): Promise<boolean>
  /** Gives the user a number; `taken` where somebody else has it, and of callers that race one gets it. */
  setPhone(userId: string, phone: string): Promise<UserRecord | 'taken' | null>
  /** Removes the user and everything personal: identities, sessions, keys, and addresses in the audit log. */
  remove(userId: string): Promise<void>
}

export interface ProfileChange {
  readonly nickname?: string | null | undefined
  readonly avatarUrl?: string | null | undefined
}
