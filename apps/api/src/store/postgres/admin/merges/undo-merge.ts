import type { SignInRules } from '@mianmi/core'
import { leavesNoWayIn, type PersonIdentity, type UndoResult } from '@mianmi/core/admin'
import type { MovedData } from '../../../admin/merges/moved-data.ts'
import { returnUserData } from '../../../admin/merges/user-data.ts'
import { moveAvatar } from '../../account/avatars.ts'
import type { Queries, Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { identitiesOf } from '../../identity/identity-reads.ts'
import { findOwnersOf, noteConflicts } from '../../identity/identity-rows.ts'
import { endSessions } from '../../session/end-sessions.ts'
import { findPersonIdentities } from '../people/people-rows.ts'
import { usersOf } from './conflicts.ts'
import {
  findOpenMerge,
  markUndone,
  moveIdentity,
  moveUnbinding,
  readUserRow,
  saveUserRow,
  unmarkMerged,
} from './merge-rows.ts'
import { inMergeScope, type MergeScope, readMergeScope } from './merge-scope.ts'
import { findActiveUsers, reopenConflicts } from './rewrite-conflicts.ts'

export const undoMerge = (
  database: PostgresDatabase,
  mergeId: string,
  rules: SignInRules,
): Promise<UndoResult> =>
  inMergeScope<UndoResult>(
    database,
    (queries) => readUndoScope(queries, mergeId, rules.now),
    (tx) => undoLocked(tx, { database, mergeId, rules }),
  )

/**
 * Also of the users of the conflicts that are opened again, and of those whom they were merged into; and of those who share
 * a unionid with one of the two.
 */
async function readUndoScope(queries: Queries, mergeId: string, now: number): Promise<MergeScope> {
  const open = await findOpenMerge(queries, mergeId, now)
  if (open === null) return { users: [], others: [], unionids: [] }
  const { users, others, unionids } = await readMergeScope(queries, [open.keptId, open.goneId])
  const rows = [...open.moved.dropped, ...open.moved.made]
  const named = usersOf(rows)
  const active = await findActiveUsers(queries, named)
  const owners = await findOwnersOf(queries, unionids)
  return {
    users,
    others: [...new Set([...others, ...named, ...active.values(), ...owners])],
    unionids: [...new Set([...unionids, ...rows.map(({ unionid }) => unionid)])],
  }
}

async function undoLocked(
  tx: Transaction,
  {
    database: { phones },
    mergeId,
    rules,
  }: { readonly database: PostgresDatabase; readonly mergeId: string; readonly rules: SignInRules },
): Promise<UndoResult> {
  const open = await findOpenMerge(tx, mergeId, rules.now)
  if (open === null) return 'not_found'
  const { moved } = open
  const [keptRow, goneRow] = [
    await readUserRow(tx, open.keptId),
    await readUserRow(tx, open.goneId),
  ]
  // When the kept user was itself merged, its data is with another user; that merge must be undone first.
  if (keptRow === null || goneRow === null || keptRow.mergedInto !== null) return 'not_found'
  const { kept, gone } = returnUserData(keptRow, goneRow, { moved, phones })
  const identities = await findPersonIdentities(tx, kept.id)
  const means = {
    couldSignIn: moved.keptCouldSignIn,
    now: { ...keptRow, identities },
    after: { ...kept, identities: identities.filter((each) => !isReturned(each, moved)) },
  }
  if (leavesNoWayIn(means, rules)) return 'last'
  const users = { from: kept.id, to: gone.id }
  for (const identity of moved.identities)
    if (await moveIdentity(tx, identity, { ...users, boundBy: identity.boundBy }))
      await endSessions(tx, [kept.id], { appId: identity.appId })
  for (const row of moved.unbindings) await moveUnbinding(tx, row, users)
  if (gone.avatarUrl !== goneRow.avatarUrl) await moveAvatar(tx, users)
  await saveUserRow(tx, kept)
  await saveUserRow(tx, gone)
  await unmarkMerged(tx, gone.id)
  await reopenConflicts(tx, moved)
  // WeChat may have returned other unionids since the merge.
  for (const { id: userId } of [kept, gone])
    for (const { unionid } of await identitiesOf(tx, userId))
      await noteConflicts(tx, { unionid, userId, at: rules.now })
  await markUndone(tx, mergeId, rules.now)
  const unmerged = { userId: kept.id, mergedUserId: gone.id, mergedExternalId: gone.externalId }
  tx.outbox.emit({ type: 'user.unmerged', ...unmerged })
  return 'undone'
}

const isReturned = (
  { appId, openid, boundAt }: PersonIdentity,
  { identities }: MovedData,
): boolean =>
  identities.some(
    (each) => each.appId === appId && each.openid === openid && each.boundAt === boundAt,
  )
