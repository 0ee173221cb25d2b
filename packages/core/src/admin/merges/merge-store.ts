import type { SignInRules } from '../../identity/sign-in-means.ts'
import type { BoundedCount, Page } from '../page.ts'
import type { Conflict, ConflictRef, Merge, MergeOrder, MergePreview } from './merge.ts'

/**
 * How long a merge can be undone, in ms. Afterwards the merged user is deleted. Of a merge that a clock made which was
 * ahead, this time begins when the store notices it.
 */
export const undoTime: number = 24 * 3_600_000

export interface NewMerge {
  readonly id: string
  readonly adminId: string
  readonly at: number
  readonly undoUntil: number
  /** Of the moment of the merge. */
  readonly rules: SignInRules
}

export type UndoResult = 'undone' | 'last' | 'not_found'

export interface MergeStore {
  /** Newest first. */
  conflicts(page: { cursor?: string | undefined; limit: number }): Promise<Page<Conflict>>
  /** How many conflicts there are, up to `limit`. */
  countConflicts(limit: number): Promise<BoundedCount>
  /** What a merge would do now, or why it would be refused. */
  preview(order: MergeOrder, now: number): Promise<MergePreview | 'not_found' | 'administrator'>
  /**
   * Merges one user into the other in one transaction: moves what `planMerge` says, ends the sessions and
   * tickets of the merged user, moves its other conflicts to the kept user, and keeps its row, which signs in
   * no one, until `undoUntil`. Of concurrent callers with the same conflict one merges and the others get
   * `not_found`. A concurrent sign-in happens before or after the merge, never partly. `administrator` where one of the
   * users is one.
   */
  merge(order: MergeOrder, merge: NewMerge): Promise<Merge | 'not_found' | 'administrator'>
  /** Newest first. */
  list(limit: number): Promise<readonly Merge[]>
  /**
   * Undoes a merge in one transaction: moves back what is unchanged since the merge, credentials by `planUndo`. What was
   * changed, removed or bound again since stays with the kept user, but for a password that is of no use any more.
   * Sessions that were opened through returned identities end, and the conflict is open again. `last` where
   * `leavesNoWayIn`; `not_found` where it is too late, was undone before, or the kept user was itself merged since.
   */
  undo(mergeId: string, rules: SignInRules): Promise<UndoResult>
}

/** The normal form of a conflict: its users in sorted order. */
export function conflictKey({ unionid, firstUserId, secondUserId }: ConflictRef): ConflictRef {
  const [first = firstUserId, second = secondUserId] = [firstUserId, secondUserId].sort()
  return { unionid, firstUserId: first, secondUserId: second }
}
