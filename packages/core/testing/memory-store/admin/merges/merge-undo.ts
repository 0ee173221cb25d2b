import { leavesNoWayIn, planUndo, type UndoResult } from '../../../../src/admin/index.ts'
import { hasUsablePassword, type SignInRules } from '../../../../src/index.ts'
import { identitiesOf, identityKey } from '../../identity/identity-rows.ts'
import { returnUnbinding } from '../../identity/unbindings.ts'
import { endOtherSessions } from '../../session/sessions.ts'
import type { IdentityRow, MemoryState, MergeRow, MovedConflicts, UserRow } from '../../state.ts'
import { emit } from '../../webhooks/outbox.ts'
import { returnNotes } from '../people/person-notes.ts'
import { insertConflict, keyOfConflict, noteConflicts } from './conflicts.ts'
import { moveAvatar } from './merge-moves.ts'

/**
 * Gives back what is still as the merge put it. WeChat may have returned other unionids since, so the conflicts are noted
 * that the two users have now.
 */
export function undoMerge(state: MemoryState, mergeId: string, rules: SignInRules): UndoResult {
  const merge = state.merges.get(mergeId)
  if (merge?.moved == null || merge.undoUntil <= rules.now) return 'not_found'
  const { keptId, goneId, moved } = merge
  const [kept, gone] = [state.users.get(keptId), state.users.get(goneId)]
  if (kept === undefined || kept.mergedInto !== null || gone === undefined) return 'not_found'
  const after = returnValues(kept, gone, moved)
  const identities = identitiesOf(state, keptId)
  const [returned, left] = [
    identities.filter((row) => movedAs(row, moved) !== undefined),
    identities.filter((row) => movedAs(row, moved) === undefined),
  ]
  const means = {
    couldSignIn: moved.keptCouldSignIn,
    now: { ...kept, identities },
    after: { ...after.kept, identities: left },
  }
  if (leavesNoWayIn(means, rules)) return 'last'
  for (const row of returned) returnIdentity(state, row, { goneId, moved })
  for (const unbinding of moved.unbindings) returnUnbinding(state, unbinding, keptId)
  if (after.gone.avatarUrl !== gone.avatarUrl) moveAvatar(state, keptId, goneId)
  state.users.set(keptId, after.kept)
  state.users.set(goneId, after.gone)
  returnNotes(state, goneId)
  reopenConflicts(state, moved)
  for (const userId of [keptId, goneId])
    for (const { unionid } of identitiesOf(state, userId))
      noteConflicts(state, unionid, { userId, at: rules.now })
  state.merges.set(mergeId, { ...merge, undoneAt: rules.now, moved: null })
  const unmerged = { userId: keptId, mergedUserId: goneId }
  emit(state, { type: 'user.unmerged', ...unmerged, mergedExternalId: after.gone.externalId })
  return 'undone'
}

type Moved = NonNullable<MergeRow['moved']>

/** How the identity was when it moved; undefined for another one, and for one that was bound again since. */
const movedAs = (row: IdentityRow, moved: Moved) =>
  moved.identities.find(
    ({ appId, openid, boundAt }) =>
      row.appId === appId && row.openid === openid && row.boundAt === boundAt,
  )

function returnIdentity(
  state: MemoryState,
  row: IdentityRow,
  { goneId, moved }: { goneId: string; moved: Moved },
): void {
  const boundBy = movedAs(row, moved)?.boundBy ?? row.boundBy
  state.identities.set(identityKey(row), { ...row, userId: goneId, boundBy })
  endOtherSessions(state, { userId: row.userId, keepSessionId: null, appId: row.appId })
}

function returnValues(
  kept: UserRow,
  gone: UserRow,
  moved: Moved,
): { kept: UserRow; gone: UserRow } {
  const returned = planUndo(
    {
      account: moved.name !== null,
      password: moved.passwordHash !== null,
      phone: moved.phone !== null,
    },
    {
      account: moved.name?.accountKey === kept.accountKey,
      password: moved.passwordHash === kept.passwordHash,
      phone: moved.phone === kept.phone,
    },
  )
  const nickname = moved.nickname === kept.nickname ? moved.nickname : null
  const avatarUrl = moved.avatarUrl === kept.avatarUrl ? moved.avatarUrl : null
  const externalId = moved.externalId === kept.externalId ? moved.externalId : null
  const left = {
    ...kept,
    ...(returned.account && { account: null, accountKey: null }),
    ...(returned.password && { passwordHash: null }),
    ...(returned.phone && { phone: null, phoneProvenAt: null }),
    ...(nickname !== null && { nickname: null }),
    ...(avatarUrl !== null && { avatarUrl: null }),
    ...(externalId !== null && { externalId: null }),
  }
  const isUsable = hasUsablePassword({ ...left, hasPassword: left.passwordHash !== null })
  return {
    kept: isUsable ? left : { ...left, passwordHash: null },
    gone: {
      ...gone,
      ...(returned.account && moved.name),
      ...(returned.password && { passwordHash: moved.passwordHash }),
      // The number may have been proven again since the merge.
      ...(returned.phone && { phone: moved.phone, phoneProvenAt: kept.phoneProvenAt }),
      ...(nickname !== null && { nickname }),
      ...(avatarUrl !== null && { avatarUrl }),
      ...(externalId !== null && { externalId }),
      disabledAt: moved.disabledAt,
      mergedInto: null,
      mergedUntil: null,
    },
  }
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
