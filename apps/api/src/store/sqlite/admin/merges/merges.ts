import { canStillSignIn, type SignInRules } from '@mianmi/core'
import {
  leavesNoWayIn,
  type Merge,
  type MergeOrder,
  type MergeParty,
  type MergePreview,
  type MergeStore,
  type NewMerge,
  type PersonIdentity,
  planMerge,
  type UndoResult,
} from '@mianmi/core/admin'
import { moveUserData, returnUserData } from '../../../admin/merges/user-data.ts'
import type { Database } from '../../database.ts'
import { prepareIdentities } from '../../identity/identity-rows.ts'
import { prepareMovedUnbindings } from '../../identity/unbindings.ts'
import { prepareSessions } from '../../session/sessions.ts'
import { prepareOutbox } from '../../webhooks/outbox.ts'
import { preparePeople } from '../people/rows.ts'
import { prepareConflicts } from './conflicts.ts'
import { prepareMergeRows, prepareMergeSteps } from './merge-rows.ts'
import { reopenConflicts, rewriteConflicts } from './rewrite-conflicts.ts'

export function createMergeStore(database: Database): MergeStore {
  const { write } = database
  const statements = prepareMergeStatements(database)
  const { conflicts, rows, people } = statements
  return {
    countConflicts: async (limit) => {
      const count = conflicts.count(limit + 1)
      return { value: Math.min(count, limit), isExact: count <= limit }
    },
    conflicts: async (page) => {
      const { rows: conflictRows, next } = conflicts.page(page)
      const items = conflictRows.flatMap(({ unionid, detectedAt, firstUserId, secondUserId }) => {
        const [first, second] = [people.find(firstUserId), people.find(secondUserId)]
        return first && second ? [{ unionid, detectedAt, first, second }] : []
      })
      return { items, next }
    },
    preview: async (order, now) => statements.preview(order, now),
    merge: async (order, merge) => write(() => mergeUsers(statements, order, merge)),
    list: async (limit) => rows.newest(limit),
    undo: async (mergeId, rules) => write(() => undoMerge(statements, mergeId, rules)),
  }
}

interface MergeParties {
  readonly kept: MergeParty
  readonly gone: MergeParty
}

function prepareMergeStatements(database: Database) {
  const conflicts = prepareConflicts(database)
  const people = preparePeople(database)
  const readParty = (userId: string): MergeParty | null => {
    const person = people.find(userId)
    return person && { person, identities: people.bindings(userId, 0).identities }
  }
  /** The two users of an open conflict, none of whom is an administrator. */
  const readParties = (order: MergeOrder): MergeParties | 'not_found' | 'administrator' => {
    if (conflicts.find(order) === undefined) return 'not_found'
    const { keepUserId, firstUserId, secondUserId } = order
    const kept = readParty(keepUserId)
    const gone = readParty(keepUserId === firstUserId ? secondUserId : firstUserId)
    if (kept === null || gone === null) return 'not_found'
    return [kept, gone].some(({ person }) => person.role === 'admin')
      ? 'administrator'
      : { kept, gone }
  }
  return {
    ...database,
    conflicts,
    people,
    readParties,
    rows: prepareMergeRows(database),
    steps: prepareMergeSteps(database),
    identityRows: prepareIdentities(database),
    sessions: prepareSessions(database),
    events: prepareOutbox(database),
    unbindings: prepareMovedUnbindings(database),
    preview: (order: MergeOrder, now: number): MergePreview | 'not_found' | 'administrator' => {
      const parties = readParties(order)
      if (typeof parties === 'string') return parties
      const { kept, gone } = parties
      const endedSessions = people.bindings(gone.person.id, now).sessions.length
      return { kept: kept.person, gone: gone.person, ...planMerge(kept, gone), endedSessions }
    },
  }
}

type MergeStatements = ReturnType<typeof prepareMergeStatements>

function mergeUsers(
  statements: MergeStatements,
  order: MergeOrder,
  { id, adminId, at, undoUntil, rules }: NewMerge,
): Merge | 'not_found' | 'administrator' {
  const { steps, people, phones, rows, conflicts, unbindings, events } = statements
  const parties = statements.readParties(order)
  if (typeof parties === 'string') return parties
  const { kept, gone } = parties
  const [keptRow, goneRow] = [steps.read(kept.person.id), steps.read(gone.person.id)]
  if (keptRow === null || goneRow === null) return 'not_found'
  const { moves } = planMerge(kept, gone)
  const { from, to, moved } = moveUserData(goneRow, keptRow, { moves, phones })
  steps.dropTickets(from.id)
  people.endSessions(from.id)
  for (const identity of moves.identities)
    steps.moveIdentity(identity, { from: from.id, to: to.id, boundBy: 'admin' })
  if (moves.avatarUrl !== null) steps.moveAvatar(from.id, to.id)
  // The emptied row first: account names and phone numbers are unique at every moment.
  steps.save(from)
  steps.save(to)
  steps.markMerged({ id: from.id, into: to.id, until: undoUntil, at })
  events.join(from.id, to.id)
  const mergedExternalId = goneRow.externalId
  events.emit({ type: 'user.merged', userId: to.id, mergedUserId: from.id, mergedExternalId })
  return rows.insert({
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
      unbindings: unbindings
        .ofUser(from.id)
        .filter((row) => unbindings.move(row, { from: from.id, to: to.id })),
      ...rewriteConflicts(conflicts, { gone: from.id, kept: to.id }),
    },
  })
}

const nameOf = ({ person }: MergeParty): string | null => person.account ?? person.nickname

function undoMerge(statements: MergeStatements, mergeId: string, rules: SignInRules): UndoResult {
  const { steps, rows, sessions, unbindings, phones, people, identityRows } = statements
  const open = rows.findOpen(mergeId, rules.now)
  if (open === null) return 'not_found'
  const { moved } = open
  const [keptRow, goneRow] = [steps.read(open.merge.kept.id), steps.read(open.merge.gone.id)]
  // When the kept user was itself merged, its data is with another user; that merge must be undone first.
  if (keptRow === null || goneRow === null || keptRow.mergedInto !== null) return 'not_found'
  const { kept, gone } = returnUserData(keptRow, goneRow, { moved, phones })
  const { identities } = people.bindings(kept.id, rules.now)
  const isReturned = ({ appId, openid, boundAt }: PersonIdentity): boolean =>
    moved.identities.some(
      (each) => each.appId === appId && each.openid === openid && each.boundAt === boundAt,
    )
  const means = {
    couldSignIn: moved.keptCouldSignIn,
    now: { ...keptRow, identities },
    after: { ...kept, identities: identities.filter((identity) => !isReturned(identity)) },
  }
  if (leavesNoWayIn(means, rules)) return 'last'
  for (const identity of moved.identities)
    if (steps.moveIdentity(identity, { from: kept.id, to: gone.id, boundBy: identity.boundBy }))
      sessions.endOthersInApp(kept.id, null, identity.appId)
  for (const row of moved.unbindings) unbindings.move(row, { from: kept.id, to: gone.id })
  if (gone.avatarUrl !== goneRow.avatarUrl) steps.moveAvatar(kept.id, gone.id)
  steps.save(kept)
  steps.save(gone)
  steps.unmarkMerged(gone.id)
  reopenConflicts(statements, moved)
  // WeChat may have returned other unionids since the merge.
  for (const { id } of [kept, gone])
    for (const { unionid } of identityRows.ofUser(id))
      identityRows.noteConflicts(unionid, id, rules.now)
  rows.markUndone(mergeId, rules.now)
  const unmerged = { userId: kept.id, mergedUserId: gone.id, mergedExternalId: gone.externalId }
  statements.events.emit({ type: 'user.unmerged', ...unmerged })
  return 'undone'
}
