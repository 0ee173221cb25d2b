import { canStillSignIn } from '@mianmi/core'
import {
  type Merge,
  type MergeOrder,
  type MergeParty,
  type NewMerge,
  planMerge,
} from '@mianmi/core/admin'
import type { MovedUnbinding } from '../../../admin/merges/moved-data.ts'
import { moveUserData } from '../../../admin/merges/user-data.ts'
import { moveAvatar } from '../../account/avatars.ts'
import { dropTicketsOf } from '../../account/user-locks.ts'
import type { Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { endSessions } from '../../session/end-sessions.ts'
import { endAdminSessions } from '../sign-in/admin-sessions.ts'
import {
  findUnbindings,
  insertMerge,
  markMerged,
  moveIdentity,
  moveUnbinding,
  readUserRow,
  saveUserRow,
} from './merge-rows.ts'
import { inMergeScope, readMergeScope } from './merge-scope.ts'
import { readParties } from './parties.ts'
import { rewriteConflicts } from './rewrite-conflicts.ts'

type MergeResult = Merge | 'not_found' | 'administrator'

export const mergeUsers = (
  database: PostgresDatabase,
  order: MergeOrder,
  merge: NewMerge,
): Promise<MergeResult> =>
  inMergeScope<MergeResult>(
    database,
    (queries) => readMergeScope(queries, [order.firstUserId, order.secondUserId]),
    (tx, tickets) => mergeLocked(tx, { database, order, merge, tickets }),
  )

async function mergeLocked(
  tx: Transaction,
  {
    database: { phones },
    order,
    merge: { id, adminId, at, undoUntil, rules },
    tickets,
  }: {
    readonly database: PostgresDatabase
    readonly order: MergeOrder
    readonly merge: NewMerge
    readonly tickets: readonly string[]
  },
): Promise<MergeResult> {
  const parties = await readParties(tx, order)
  if (typeof parties === 'string') return parties
  const { kept, gone } = parties
  const keptRow = await readUserRow(tx, kept.person.id)
  const goneRow = await readUserRow(tx, gone.person.id)
  if (keptRow === null || goneRow === null) return 'not_found'
  const { moves } = planMerge(kept, gone)
  const { from, to, moved } = moveUserData(goneRow, keptRow, { moves, phones })
  const users = { from: from.id, to: to.id }
  await dropTicketsOf(tx, from.id, tickets)
  await endSessions(tx, [from.id])
  await endAdminSessions(tx, { userId: from.id })
  for (const identity of moves.identities)
    await moveIdentity(tx, identity, { ...users, boundBy: 'admin' })
  if (moves.avatarUrl !== null) await moveAvatar(tx, users)
  // The emptied row first: account names and phone numbers are unique at every moment.
  await saveUserRow(tx, from)
  await saveUserRow(tx, to)
  await markMerged(tx, { id: from.id, into: to.id, until: undoUntil, at })
  tx.outbox.join(from.id, to.id)
  const mergedExternalId = goneRow.externalId
  tx.outbox.emit({ type: 'user.merged', userId: to.id, mergedUserId: from.id, mergedExternalId })
  return insertMerge(tx, {
    id,
    mergedAt: at,
    undoUntil,
    undoneAt: null,
    keptId: to.id,
    keptName: nameOf(kept),
    goneId: from.id,
    goneName: nameOf(gone),
    adminId,
    moved: {
      ...moved,
      keptCouldSignIn: canStillSignIn({ ...keptRow, identities: kept.identities }, rules),
      identities: moves.identities.map(({ appId, openid, boundAt, boundBy }) => ({
        appId,
        openid,
        boundAt,
        boundBy,
      })),
      unbindings: await moveUnbindings(tx, users),
      ...(await rewriteConflicts(tx, { gone: from.id, kept: to.id })),
    },
  })
}

const nameOf = ({ person }: MergeParty): string | null => person.account ?? person.nickname

/** Returns those that moved: the kept user may have the others itself. */
async function moveUnbindings(
  tx: Transaction,
  users: { readonly from: string; readonly to: string },
): Promise<MovedUnbinding[]> {
  const moved = []
  for (const row of await findUnbindings(tx, users.from))
    if (await moveUnbinding(tx, row, users)) moved.push(row)
  return moved
}
