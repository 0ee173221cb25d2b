import type { UserRecord } from './user.ts'

export interface UserStore {
  /** The user with this normal form of an account name. A plain read; it proves nothing. */
  findByAccount(accountKey: string): Promise<UserRecord | null>
  /** Null where the user has no password or does not exist. */
  findPasswordHash(userId: string): Promise<string | null>
  /**
   * Changes the given fields and keeps the others. A stored picture is deleted in the same transaction when its
   * address is replaced. Null where the user does not exist.
   */
  updateProfile(userId: string, change: ProfileChange): Promise<UserRecord | null>
  /**
   * Compare-and-set: stores `to` where the hash is still `from`, and ends every other session in the same
   * transaction. Of concurrent changes from the same hash one returns true and the others false.
   */
  changePassword(change: {
    userId: string
    from: string | null
    to: string
    keepSessionId: string
  }): Promise<boolean>
  /** Gives the user a phone number; `taken` where another user has it. Of concurrent callers one gets it. */
  setPhone(userId: string, phone: string): Promise<UserRecord | 'taken' | null>
  /**
   * Deletes the user and all personal data: identities, sessions, keys, and network addresses in the audit log.
   */
  remove(userId: string): Promise<void>
}

export interface ProfileChange {
  readonly nickname?: string | null | undefined
  readonly avatarUrl?: string | null | undefined
}
