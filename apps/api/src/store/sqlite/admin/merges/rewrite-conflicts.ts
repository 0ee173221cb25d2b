import { conflictKey } from '@mianmi/core/admin'
import type { MovedData } from '../../../admin/merges/moved-data.ts'
import type { prepareConflicts } from './conflicts.ts'
import type { prepareMergeSteps } from './merge-rows.ts'

type ConflictStatements = ReturnType<typeof prepareConflicts>

/**
 * Moves the conflicts of the merged user to the kept user: a user who is the same person as the one is the same
 * person as the other.
 */
export function rewriteConflicts(
  conflicts: ConflictStatements,
  { gone, kept }: { gone: string; kept: string },
): Pick<MovedData, 'dropped' | 'made'> {
  const dropped = conflicts.of(gone)
  for (const row of dropped) conflicts.drop(row)
  const made = dropped
    .map(({ unionid, firstUserId, secondUserId, detectedAt }) => {
      const other = firstUserId === gone ? secondUserId : firstUserId
      return { ...conflictKey({ unionid, firstUserId: kept, secondUserId: other }), detectedAt }
    })
    .filter((row) => row.firstUserId !== row.secondUserId)
    .filter((row) => conflicts.insert(row))
  return { dropped, made }
}

/** Restores the conflicts. A user who was merged in the meantime is replaced by the user it was merged into. */
export function reopenConflicts(
  {
    conflicts,
    steps,
  }: { conflicts: ConflictStatements; steps: ReturnType<typeof prepareMergeSteps> },
  { dropped, made }: Pick<MovedData, 'dropped' | 'made'>,
): void {
  const activeUserId = (userId: string): string | null => {
    const user = steps.read(userId)
    return user === null || user.mergedInto === null
      ? (user?.id ?? null)
      : activeUserId(user.mergedInto)
  }
  for (const row of made) conflicts.drop(row)
  for (const { unionid, detectedAt, ...of } of dropped) {
    const [one, other] = [activeUserId(of.firstUserId), activeUserId(of.secondUserId)]
    if (one === null || other === null || one === other) continue
    conflicts.insert({
      ...conflictKey({ unionid, firstUserId: one, secondUserId: other }),
      detectedAt,
    })
  }
}
