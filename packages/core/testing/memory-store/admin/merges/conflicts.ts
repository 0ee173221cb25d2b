import { type ConflictRef, conflictKey } from '../../../../src/admin/index.ts'
import { ownersOfUnionid } from '../../identity/identity-rows.ts'
import type { ConflictRow, MemoryState } from '../../state.ts'

export const keyOfConflict = (conflict: ConflictRef): string => {
  const { unionid, firstUserId, secondUserId } = conflictKey(conflict)
  return `${unionid} ${firstUserId} ${secondUserId}`
}

/** False where the conflict is known already; it keeps its first time then. */
export function insertConflict(state: MemoryState, conflict: ConflictRow): boolean {
  const key = keyOfConflict(conflict)
  if (state.conflicts.has(key)) return false
  state.conflicts.set(key, { ...conflict, ...conflictKey(conflict) })
  return true
}

/** Notes each other user whom this unionid proves to be the same person as `userId`. */
export function noteConflicts(
  state: MemoryState,
  unionid: string | null,
  { userId, at }: { userId: string; at: number },
): void {
  if (unionid === null) return
  for (const other of ownersOfUnionid(state, unionid)) {
    if (other.id === userId) continue
    const pair = { unionid, firstUserId: userId, secondUserId: other.id }
    insertConflict(state, { ...pair, detectedAt: at })
  }
}
