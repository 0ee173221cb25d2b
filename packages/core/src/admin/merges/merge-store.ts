import type { Page } from '../page.ts'
import type { Conflict, ConflictRef, Merge, MergeOrder, MergePreview } from './merge.ts'

export interface NewMerge {
  readonly id: string
  readonly adminId: string
  readonly at: number
  readonly undoUntil: number
}

export interface MergeStore {
  /** Newest first. @throws Failure `invalid_input` for a cursor that is none of ours */
  conflicts(page: { cursor?: string | undefined; limit: number }): Promise<Page<Conflict>>
  /** What a merge would do now; null where the conflict is gone. */
  preview(order: MergeOrder, now: number): Promise<MergePreview | null>
  /**
   * Takes one user into the other in one step: what `planMerge` says moves, the sessions and tickets of
   * the one who goes end, its other conflicts become the kept user's, and it stays aside, signing in
   * nobody, until `undoUntil`. Of callers that race for one conflict one merges and the others are told
   * `not_found`; a sign-in is either before it or after it, never lost and never of both.
   */
  merge(order: MergeOrder, merge: NewMerge): Promise<Merge | 'not_found' | 'administrator'>
  /** Newest first. */
  list(limit: number): Promise<readonly Merge[]>
  /**
   * Gives back in one step what moved and is still as it was put; what was changed, taken away or bound
   * since stays with the kept user. Sessions opened through what goes back end, and the conflict is open
   * again. False where it is too late, was undone, or the kept user was itself merged since.
   */
  undo(mergeId: string, now: number): Promise<boolean>
}

/** The name under which a conflict is kept, whichever way round its users are given. */
export function conflictKey({ unionid, firstUserId, secondUserId }: ConflictRef): ConflictRef {
  const [first = firstUserId, second = secondUserId] = [firstUserId, secondUserId].sort()
  return { unionid, firstUserId: first, secondUserId: second }
}
