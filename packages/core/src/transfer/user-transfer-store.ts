import type { ImportOutcome } from './decide-import.ts'
import type { ImportedUser } from './imported-user.ts'

/** An imported user with the id and the time of creation that it gets where it has none of its own. */
export interface ImportDraft {
  readonly user: ImportedUser
  readonly newId: string
  readonly now: number
}

/**
 * How a hash of the service itself begins: its scheme and cost. Stores have an index over all others.
 */
export const ownHashPrefix = '$argon2id$v=19$m=19456,t=2,p=1$'

/** Users in bulk: from another system, and to another one. */
export interface UserTransferStore {
  /**
   * Decides about each user by `decideImport` and creates the new ones, in one transaction. No two of them may have a unique
   * value in common. A user who appears at the same time by another way is met as present: a value has one owner at
   * every time.
   */
  importUsers(drafts: readonly ImportDraft[]): Promise<ImportOutcome[]>
  /** What `importUsers` would return now. Writes nothing. */
  rehearse(drafts: readonly ImportDraft[]): Promise<ImportOutcome[]>
  /**
   * All users in the order of their ids, without administrators and without users that were merged into another one, in
   * pages. Their identities are in the order of app and openid. All pages show the users at one time, that of the first
   * page: what a merge moves meanwhile from one user to another is in the export once. The database keeps that state until
   * the iteration ends, however slow its reader is; no other caller waits for it.
   *
   * @throws Error where a number was sealed under a key that the service does not have
   */
  exportUsers(request: ExportRequest): AsyncIterable<readonly ExportedUser[]>
  /**
   * The first stored password hash after a text, in the order of their bytes, that the service did not make itself; null
   * where there is none. A plain read. By it the kinds of hashes are found without reading all hashes of a kind.
   */
  nextImportedHash(after: string): Promise<string | null>
}

export interface ExportRequest {
  /** Users of a page. */
  readonly pageSize: number
  /** Whether the users have their numbers, in the clear. */
  readonly withPhone: boolean
}

/** A user with everything that an import takes. */
export interface ExportedUser extends ImportedUser {
  readonly id: string
  readonly createdAt: number
}
