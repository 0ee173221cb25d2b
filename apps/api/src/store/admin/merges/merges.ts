import {
  type Merge,
  type MergeOrder,
  type MergeParty,
  type MergePreview,
  type MergeStore,
  type NewMerge,
  planMerge,
} from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { prepareSessions } from '../../session/sessions.ts'
import { preparePeople } from '../people/rows.ts'
import { prepareConflicts } from './conflicts.ts'
import { prepareMergeRows, prepareMergeSteps } from './merge-rows.ts'
import { moveUserData, returnUserData } from './moves.ts'
import { reopenConflicts, rewriteConflicts } from './rewrite.ts'

export function createMergeStore(database: Database): MergeStore {
  const { write } = database
  const merging = prepareMerging(database)
  const { conflicts, rows, people } = merging
  return {
    conflicts: async (page) => {
      const { rows: found, next } = conflicts.page(page)
      const items = found.flatMap(({ unionid, detectedAt, firstUserId, secondUserId }) => {
        const [first, second] = [people.find(firstUserId), people.find(secondUserId)]
        return first && second ? [{ unionid, detectedAt, first, second }] : []
      })
      return { items, next }
    },
    preview: async (order, now) => merging.preview(order, now),
    merge: async (order, merge) => write(() => mergeWith(merging, order, merge)),
    list: async (limit) => rows.newest(limit),
    undo: async (mergeId, now) => write(() => undoWith(merging, mergeId, now)),
  }
}

function prepareMerging(database: Database) {
  const conflicts = prepareConflicts(database)
  const people = preparePeople(database)
  const party = (userId: string): MergeParty | null => {
    const person = people.find(userId)
    return person && { person, identities: people.bindings(userId, 0).identities }
  }
  /** The two of a conflict that is open; null where it is none any more. */
  const parties = (order: MergeOrder): { kept: MergeParty; gone: MergeParty } | null => {
    if (conflicts.find(order) === undefined) return null
    const { keepUserId, firstUserId, secondUserId } = order
    const kept = party(keepUserId)
    const gone = party(keepUserId === firstUserId ? secondUserId : firstUserId)
    return kept && gone && { kept, gone }
  }
  return {
    ...database,
    conflicts,
    people,
    parties,
    rows: prepareMergeRows(database),
    steps: prepareMergeSteps(database),
    sessions: prepareSessions(database),
    preview: (order: MergeOrder, now: number): MergePreview | null => {
      const two = parties(order)
      if (two === null) return null
      const { kept, gone } = two
      const endedSessions = people.bindings(gone.person.id, now).sessions.length
      return { kept: kept.person, gone: gone.person, ...planMerge(kept, gone), endedSessions }
    },
  }
}

type Merging = ReturnType<typeof prepareMerging>

function mergeWith(
  merging: Merging,
  order: MergeOrder,
  { id, adminId, at, undoUntil }: NewMerge,
): Merge | 'not_found' | 'administrator' {
  const { steps, people, phones, rows, conflicts } = merging
  const two = merging.parties(order)
  if (two === null) return 'not_found'
  const { kept, gone } = two
  if (gone.person.role === 'admin') return 'administrator'
  const [keptRow, goneRow] = [steps.read(kept.person.id), steps.read(gone.person.id)]
  if (keptRow === null || goneRow === null) return 'not_found'
  const { moves } = planMerge(kept, gone)
  const { from, to, moved } = moveUserData(goneRow, keptRow, { moves, phones })
  steps.dropTickets(from.id)
  people.endSessions(from.id)
  for (const identity of moves.identities)
    steps.moveIdentity(identity, { from: from.id, to: to.id })
  if (moves.avatarUrl !== null) steps.movePicture(from.id, to.id)
  // First, because two may not have one name or number, not even for a moment.
  steps.save(from)
  steps.save(to)
  steps.setAside({ id: from.id, into: to.id, until: undoUntil, at })
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
      identities: moves.identities,
      ...rewriteConflicts(conflicts, { gone: from.id, kept: to.id }),
    },
  })
}

const nameOf = ({ person }: MergeParty): string | null => person.account ?? person.nickname

function undoWith(merging: Merging, mergeId: string, now: number): boolean {
  const { steps, rows, sessions } = merging
  const open = rows.open(mergeId, now)
  if (open === null) return false
  const { moved } = open
  const [keptRow, goneRow] = [steps.read(open.merge.kept.id), steps.read(open.merge.gone.id)]
  // Whoever the kept user was itself merged into has it all now: that merge is undone first.
  if (keptRow === null || goneRow === null || keptRow.mergedInto !== null) return false
  const { kept, gone } = returnUserData(keptRow, goneRow, moved)
  for (const identity of moved.identities)
    if (steps.moveIdentity(identity, { from: kept.id, to: gone.id }))
      sessions.endOthersInApp(kept.id, null, identity.appId)
  if (gone.avatarUrl !== goneRow.avatarUrl) steps.movePicture(kept.id, gone.id)
  steps.save(kept)
  steps.save(gone)
  steps.bringBack(gone.id)
  reopenConflicts(merging, moved)
  rows.close(mergeId, now)
  return true
}
