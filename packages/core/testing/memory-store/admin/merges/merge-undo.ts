import { changeUser } from '../../account/user-rows.ts'
import { identityKey } from '../../identity/identity-rows.ts'
import { returnUnbinding } from '../../identity/unbindings.ts'
import { endOtherSessions } from '../../session/sessions.ts'
import type { MemoryState, MergeRow, MovedConflicts, UserRow } from '../../state.ts'
import { insertConflict, keyOfConflict } from './conflicts.ts'
import { moveAvatar } from './merge-moves.ts'

/** Gives back what is still as the merge put it. */
export function undoMerge(state: MemoryState, mergeId: string, now: number): boolean {
  const merge = state.merges.get(mergeId)
  if (merge?.moved == null || merge.undoUntil <= now) return false
  const { keptId, goneId, moved } = merge
  const kept = state.users.get(keptId)
  if (kept === undefined || kept.mergedInto !== null || !state.users.has(goneId)) return false
  for (const identity of moved.identities) returnIdentity(state, merge, identity)
  for (const unbinding of moved.unbindings) returnUnbinding(state, unbinding, keptId)
  returnValues(state, { kept, goneId, moved })
  reopenConflicts(state, moved)
  state.merges.set(mergeId, { ...merge, undoneAt: now, moved: null })
  return true
}

type Moved = NonNullable<MergeRow['moved']>

/** An identity that was bound again since belongs to the user it was bound to. */
function returnIdentity(
  state: MemoryState,
  { keptId, goneId }: MergeRow,
  moved: Moved['identities'][number],
): void {
  const row = state.identities.get(identityKey(moved))
  if (row?.userId !== keptId || row.boundAt !== moved.boundAt) return
  state.identities.set(identityKey(row), { ...row, userId: goneId, boundBy: moved.boundBy })
  endOtherSessions(state, { userId: keptId, keepSessionId: null, appId: row.appId })
}

function returnValues(
  state: MemoryState,
  { kept, goneId, moved }: { kept: UserRow; goneId: string; moved: Moved },
): void {
  const credentials =
    moved.credentials?.accountKey === kept.accountKey &&
    moved.credentials.passwordHash === kept.passwordHash
      ? moved.credentials
      : null
  const phone = moved.phone === kept.phone ? moved.phone : null
  const nickname = moved.nickname === kept.nickname ? moved.nickname : null
  const avatarUrl = moved.avatarUrl === kept.avatarUrl ? moved.avatarUrl : null
  if (avatarUrl !== null) moveAvatar(state, kept.id, goneId)
  changeUser(state, kept.id, {
    ...(credentials && { account: null, accountKey: null, passwordHash: null }),
    ...(phone !== null && { phone: null, phoneProvenAt: null }),
    ...(nickname !== null && { nickname: null }),
    ...(avatarUrl !== null && { avatarUrl: null }),
  })
  changeUser(state, goneId, {
    ...credentials,
    // The number may have been proven again since the merge.
    ...(phone !== null && { phone, phoneProvenAt: kept.phoneProvenAt }),
    ...(nickname !== null && { nickname }),
    ...(avatarUrl !== null && { avatarUrl }),
    disabledAt: moved.disabledAt,
    mergedInto: null,
    mergedUntil: null,
  })
}

/** In the place of a user who was merged meanwhile stands the user it was merged into. */
function reopenConflicts(state: MemoryState, { dropped, made }: MovedConflicts): void {
  const representativeOf = (userId: string): string | null => {
    const user = state.users.get(userId)
    if (user === undefined) return null
    return user.mergedInto === null ? userId : representativeOf(user.mergedInto)
  }
  for (const conflict of made) state.conflicts.delete(keyOfConflict(conflict))
  for (const { unionid, detectedAt, ...pair } of dropped) {
    const firstUserId = representativeOf(pair.firstUserId)
    const secondUserId = representativeOf(pair.secondUserId)
    if (firstUserId === null || secondUserId === null || firstUserId === secondUserId) continue
    insertConflict(state, { unionid, firstUserId, secondUserId, detectedAt })
  }
}
