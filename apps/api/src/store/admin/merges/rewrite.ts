import { conflictKey } from '@mianmi/core/admin'
import type { prepareConflicts } from './conflicts.ts'
import type { prepareMergeSteps } from './merge-rows.ts'
import type { Moved } from './moves.ts'

type Conflicts = ReturnType<typeof prepareConflicts>

/** The conflicts of who goes become the kept user's: whoever is one person with the one is with the other. */
export function rewriteConflicts(
  conflicts: Conflicts,
  { gone, kept }: { gone: string; kept: string },
): Pick<Moved, 'dropped' | 'made'> {
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

/** Puts them back. Who was merged meanwhile is stood in for by whom they were merged into. */
export function reopenConflicts(
  { conflicts, steps }: { conflicts: Conflicts; steps: ReturnType<typeof prepareMergeSteps> },
  { dropped, made }: Pick<Moved, 'dropped' | 'made'>,
): void {
  const standing = (userId: string): string | null => {
    const user = steps.read(userId)
    return user === null || user.mergedInto === null
      ? (user?.id ?? null)
      : standing(user.mergedInto)
  }
  for (const row of made) conflicts.drop(row)
  for (const { unionid, detectedAt, ...of } of dropped) {
    const [one, other] = [standing(of.firstUserId), standing(of.secondUserId)]
    if (one === null || other === null || one === other) continue
    conflicts.insert({
      ...conflictKey({ unionid, firstUserId: one, secondUserId: other }),
      detectedAt,
    })
  }
}
