import {
  type Merge,
  type MergeOrder,
  type MergeParty,
  type MergePreview,
  type MergeStore,
  type NewMerge,
  planMerge,
} from '../../../../src/admin/index.ts'
import { canStillSignIn } from '../../../../src/index.ts'
import { meansOf } from '../../account/sign-in-means.ts'
import { requireUser } from '../../account/user-rows.ts'
import { identityKey } from '../../identity/identity-rows.ts'
import { endTickets } from '../../identity/tickets.ts'
import { moveUnbindings } from '../../identity/unbindings.ts'
import { dropSessions } from '../../session/sessions.ts'
import { insertRow, type MemoryState, type MergeRow, requireNewKey } from '../../state.ts'
import { emit, joinDeliveries } from '../../webhooks/outbox.ts'
import { pageOf } from '../cursor.ts'
import { bindingsOf, findPerson } from '../people/people-rows.ts'
import { moveNotes } from '../people/person-notes.ts'
import { keyOfConflict } from './conflicts.ts'
import { moveConflicts, moveValues } from './merge-moves.ts'
import { undoMerge } from './merge-undo.ts'

export function createMergeStore(state: MemoryState): MergeStore {
  return {
    countConflicts: async (limit) => {
      const { size } = state.conflicts
      return { value: Math.min(size, limit), isExact: size <= limit }
    },

    async conflicts({ cursor, limit }) {
      const { items, next } = pageOf([...state.conflicts.values()], {
        cursor,
        limit,
        keyOf: (row) => [row.detectedAt, row.unionid, row.firstUserId, row.secondUserId],
        order: 'desc',
        form: ['number', 'string', 'string', 'string'],
      })
      const conflicts = items.flatMap(({ unionid, detectedAt, firstUserId, secondUserId }) => {
        const [first, second] = [findPerson(state, firstUserId), findPerson(state, secondUserId)]
        return first && second ? [{ unionid, detectedAt, first, second }] : []
      })
      return { items: conflicts, next }
    },

    async preview(order, now) {
      const parties = partiesOf(state, order)
      return typeof parties === 'string' ? parties : previewOf(state, parties, now)
    },

    merge: async (order, merge) => mergeUsers(state, order, merge),

    list: async (limit) =>
      [...state.merges.values()]
        .sort((a, b) => b.mergedAt - a.mergedAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit)
        .map(toMerge),

    undo: async (mergeId, rules) => undoMerge(state, mergeId, rules),
  }
}

interface MergeParties {
  readonly kept: MergeParty
  readonly gone: MergeParty
}

/** `not_found` where the conflict is gone, or one of its users is; `administrator` where one of them is one. */
function partiesOf(
  state: MemoryState,
  order: MergeOrder,
): MergeParties | 'not_found' | 'administrator' {
  if (!state.conflicts.has(keyOfConflict(order))) return 'not_found'
  const { keepUserId, firstUserId, secondUserId } = order
  const kept = partyOf(state, keepUserId)
  const gone = partyOf(state, keepUserId === firstUserId ? secondUserId : firstUserId)
  if (kept === null || gone === null) return 'not_found'
  return [kept, gone].some(({ person }) => person.role === 'admin')
    ? 'administrator'
    : { kept, gone }
}

function partyOf(state: MemoryState, userId: string): MergeParty | null {
  const person = findPerson(state, userId)
  return person && { person, identities: bindingsOf(state, userId, 0).identities }
}

function previewOf(state: MemoryState, { kept, gone }: MergeParties, now: number): MergePreview {
  const endedSessions = bindingsOf(state, gone.person.id, now).sessions.length
  return { kept: kept.person, gone: gone.person, ...planMerge(kept, gone), endedSessions }
}

function mergeUsers(
  state: MemoryState,
  order: MergeOrder,
  { id, adminId, at, undoUntil, rules }: NewMerge,
): Merge | 'not_found' | 'administrator' {
  requireNewKey(state.merges, id)
  const parties = partiesOf(state, order)
  if (typeof parties === 'string') return parties
  const { kept, gone } = parties
  const { moves } = planMerge(kept, gone)
  const users = { keptId: kept.person.id, goneId: gone.person.id }
  const keptCouldSignIn = canStillSignIn(meansOf(state, requireUser(state, users.keptId)), rules)
  endTickets(state, users.goneId)
  dropSessions(state, ({ userId }) => userId === users.goneId)
  moveNotes(state, users.goneId, users.keptId)
  for (const identity of moves.identities) {
    const row = state.identities.get(identityKey(identity))
    if (row)
      state.identities.set(identityKey(row), { ...row, userId: users.keptId, boundBy: 'admin' })
  }
  const row: MergeRow = {
    id,
    ...users,
    keptName: kept.person.account ?? kept.person.nickname,
    goneName: gone.person.account ?? gone.person.nickname,
    adminId,
    mergedAt: at,
    undoUntil,
    undoneAt: null,
    moved: {
      identities: moves.identities,
      keptCouldSignIn,
      unbindings: moveUnbindings(state, users.goneId, users.keptId),
      ...moveValues(state, users, { moves, at, undoUntil }),
      ...moveConflicts(state, users),
    },
  }
  insertRow(state.merges, id, row)
  joinDeliveries(state, users.goneId, users.keptId)
  const mergedExternalId = gone.person.externalId
  const merged = { userId: users.keptId, mergedUserId: users.goneId, mergedExternalId }
  emit(state, { type: 'user.merged', ...merged })
  return toMerge(row)
}

const toMerge = ({ keptId, keptName, goneId, goneName, moved: _, ...merge }: MergeRow): Merge => ({
  ...merge,
  kept: { id: keptId, name: keptName },
  gone: { id: goneId, name: goneName },
})
