import type { SealedKey } from '../../vault/session-key-vault.ts'
import type { Page } from '../page.ts'
import type { PeopleQuery, Person, PersonInFull } from './person.ts'

/** What an administrator typed to find somebody, read in every way in which it can be meant. */
export interface PeopleSearch {
  readonly text: string
  /** The normal form of an account name that begins like this. */
  readonly accountKey: string
  /** A whole phone number as it is kept; null where the text is none. */
  readonly phone: string | null
}

export interface PeopleFilter extends Omit<PeopleQuery, 'search'> {
  readonly search: PeopleSearch | null
}

/** People as administrators see them. A user who was merged into another is nobody here. */
export interface PeopleStore {
  /**
   * Newest first; those found by the beginning of a name in the order of the names, those of one app by when
   * they were bound in it. It looks at a bounded number of rows: a page may be short, or empty, where few of
   * many fit, and its `next` goes on from there.
   *
   * @throws Failure `invalid_input` for a cursor that is none of ours
   */
  list(filter: PeopleFilter): Promise<Page<Person>>
  find(userId: string): Promise<PersonInFull['person'] | null>
  /** The identities, and the sessions that are not past their time. */
  bindings(userId: string, now: number): Promise<Pick<PersonInFull, 'identities' | 'sessions'>>
  /** Ends every session in the same step, so that nobody signs in between; false where the user is gone. */
  disable(userId: string, at: number): Promise<boolean>
  enable(userId: string): Promise<boolean>
  /** Ends one session or all, and answers how many there were to end: two who race share them. */
  endSessions(whose: { userId: string; sessionId?: string | undefined }): Promise<number>
  /** The number itself. */
  phoneOf(userId: string): Promise<string | null>
  /** Puts `to` in the place of all keys where the newest still is `from`; a sign-in meanwhile wins. */
  replaceKeys(change: { userId: string; appId: string; from: string; to: SealedKey }): Promise<void>
}
