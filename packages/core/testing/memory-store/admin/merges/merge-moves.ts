import { conflictKey, type MergePreview } from '../../../../src/admin/index.ts'
import { changeUser } from '../../account/user-rows.ts'
import type { MemoryState, MovedConflicts, MovedValues } from '../../state.ts'
import { insertConflict, keyOfConflict } from './conflicts.ts'

interface MergedUsers {
  readonly keptId: string
  readonly goneId: string
}

/** Moves the account, number, nickname and picture that the plan names, and marks the other user as merged. */
export function moveValues(
  state: MemoryState,
  { keptId, goneId }: MergedUsers,
  { moves, at, undoUntil }: { moves: MergePreview['moves']; at: number; undoUntil: number },
): MovedValues {
  const gone = state.users.get(goneId)
  if (gone === undefined) throw new Error(`there is no user ${goneId}`)
  const { account, accountKey, phone, phoneProvenAt, disabledAt } = gone
  const { nickname, avatarUrl, externalId } = moves
  const name = moves.account === null ? null : { account, accountKey }
  const passwordHash = moves.password ? gone.passwordHash : null
  const number = moves.phone === null ? null : phone
  if (avatarUrl !== null) moveAvatar(state, goneId, keptId)
  changeUser(state, goneId, {
    ...(name && { account: null, accountKey: null }),
    ...(passwordHash !== null && { passwordHash: null }),
    ...(number !== null && { phone: null, phoneProvenAt: null }),
    ...(nickname !== null && { nickname: null }),
    ...(avatarUrl !== null && { avatarUrl: null }),
    ...(externalId !== null && { externalId: null }),
    mergedInto: keptId,
    mergedUntil: undoUntil,
    disabledAt: disabledAt ?? at,
  })
  changeUser(state, keptId, {
    ...name,
    ...(passwordHash !== null && { passwordHash }),
    ...(number !== null && { phone: number, phoneProvenAt }),
    ...(nickname !== null && { nickname }),
    ...(avatarUrl !== null && { avatarUrl }),
    ...(externalId !== null && { externalId }),
  })
  return { name, passwordHash, phone: number, nickname, avatarUrl, externalId, disabledAt }
}

/** Moves the kept picture, if there is one and the other user has none. */
export function moveAvatar(state: MemoryState, fromId: string, toId: string): void {
  const avatar = state.avatars.get(fromId)
  if (avatar === undefined || state.avatars.has(toId)) return
  state.avatars.delete(fromId)
  state.avatars.set(toId, avatar)
}

/** Moves the merged user's conflicts to the kept user. */
export function moveConflicts(state: MemoryState, { keptId, goneId }: MergedUsers): MovedConflicts {
  const dropped = [...state.conflicts.values()].filter(
    ({ firstUserId, secondUserId }) => firstUserId === goneId || secondUserId === goneId,
  )
  for (const conflict of dropped) state.conflicts.delete(keyOfConflict(conflict))
  const made = dropped
    .map(({ unionid, firstUserId, secondUserId, detectedAt }) => {
      const otherId = firstUserId === goneId ? secondUserId : firstUserId
      const pair = { unionid, firstUserId: keptId, secondUserId: otherId }
      return { ...conflictKey(pair), detectedAt }
    })
    .filter(({ firstUserId, secondUserId }) => firstUserId !== secondUserId)
    .filter((conflict) => insertConflict(state, conflict))
  return { dropped, made }
}
