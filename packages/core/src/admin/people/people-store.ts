import type { SignInRules } from '../../identity/sign-in-means.ts'
import type { SealedKey } from '../../vault/session-key-vault.ts'
import type { BoundedCount, Page } from '../page.ts'
import type { PeopleQuery, Person, PersonInFull } from './person.ts'

/** A search text, parsed in each way that it can be meant. */
export interface PeopleSearch {
  readonly text: string
  /** The normal form of the beginning of an account name. */
  readonly accountKey: string
  /** A complete phone number as it is stored; null where the text is none. */
  readonly phone: string | null
  /** The last four digits of a phone number; null where the text is not four digits. */
  readonly phoneEnd: string | null
}

export interface PeopleFilter extends Omit<PeopleQuery, 'search'> {
  readonly search: PeopleSearch | null
}

export type PersonRefusal = 'not_found' | 'last_administrator'

/** Users as administrators see them. A user who was merged into another one is not found. */
export interface PeopleStore {
  /**
   * Newest first, or in the order of `sort`. A search finds users by the beginning of the account name, in the order of the names; then by any part of
   * the nickname, in the order of what follows in the nickname; then by the end of the phone number, newest first. Users
   * of one app come in the order of their binding. It examines a bounded number of rows, so a page may be short or
   * empty although more rows match; `next` continues from there.
   *
   * @throws Failure `invalid_input` for a cursor that this service did not issue
   */
  list(filter: PeopleFilter): Promise<Page<Person>>
  /** How many users the first page has where its limit is `limit`; exact where there are no more. */
  count(filter: Omit<PeopleFilter, 'cursor'>): Promise<BoundedCount>
  find(userId: string): Promise<PersonInFull['person'] | null>
  /**
   * The nickname of each of these users, or the account name where there is no nickname, by id. Users with neither, and
   * ids of no user, are left out.
   */
  names(userIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** The identities, and the sessions that have not expired: the newest 100 of them. */
  bindings(userId: string, now: number): Promise<Pick<PersonInFull, 'identities' | 'sessions'>>
  /**
   * Disables the user and ends every session, also of the console, in the same transaction, so that no concurrent sign-in
   * survives. `last_administrator` where no other administrator could sign in: of two who disable each other, the second
   * is refused.
   */
  disable(userId: string, at: number): Promise<'disabled' | PersonRefusal>
  /** Deletes the user as `UserStore.remove` does, with the refusals of `disable`. */
  remove(userId: string): Promise<'removed' | PersonRefusal>
  enable(userId: string): Promise<boolean>
  /**
   * Ends one session, or all of the mini programs and of the console, and returns how many ended. Of concurrent callers
   * each session counts for one.
   */
  endSessions(whose: { userId: string; sessionId?: string | undefined }): Promise<number>
  /**
   * Removes the password, but not an administrator's, and ends every session in the same transaction. Returns whether the
   * user can still sign in; null where the user does not exist.
   */
  clearPassword(userId: string, rules: SignInRules): Promise<boolean | 'administrator' | null>
  /** Removes the phone number, with the same result. */
  clearPhone(userId: string, rules: SignInRules): Promise<boolean | null>
  /** The full phone number of each of these users who has one, by id. */
  phonesOf(userIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** The full phone number. */
  phoneOf(userId: string): Promise<string | null>
  /** Replaces all keys by `to` where the newest is still `from`, and returns whether it was; a concurrent sign-in wins. */
  replaceKeys(change: {
    userId: string
    appId: string
    from: string
    to: SealedKey
  }): Promise<boolean>
}
