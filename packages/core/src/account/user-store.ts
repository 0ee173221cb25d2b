import type { UserRecord } from './user.ts'

export interface UserStore {
  /** The user whose account name has this normal form. A plain read: the caller decides what it proves. */
  findByAccount(accountKey: string): Promise<UserRecord | null>
}
