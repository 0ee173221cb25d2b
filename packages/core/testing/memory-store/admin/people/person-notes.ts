import { maxNotes, type PersonNoteStore } from '../../../../src/admin/index.ts'
import type { MemoryState } from '../../state.ts'
import { userNotMerged } from './people-rows.ts'

export function createPersonNoteStore(state: MemoryState): PersonNoteStore {
  const ofUser = (userId: string) =>
    [...state.personNotes.values()].filter((note) => note.userId === userId)
  return {
    list: async (userId) =>
      ofUser(userId)
        .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        .map(({ id, at, adminId, text }) => ({
          id,
          at,
          adminId: adminId !== null && state.users.has(adminId) ? adminId : null,
          text,
        })),

    async add(note) {
      if (userNotMerged(state, note.userId) === null) return 'not_found'
      if (ofUser(note.userId).length >= maxNotes) return 'full'
      state.personNotes.set(note.id, { ...note, mergedFrom: null })
      return 'added'
    },

    remove: async ({ userId, noteId }) =>
      state.personNotes.get(noteId)?.userId === userId && state.personNotes.delete(noteId),
  }
}

/** Moves the notes of a user who is merged into another one. Each keeps the user whom it was about at first. */
export function moveNotes(state: MemoryState, from: string, to: string): void {
  for (const note of state.personNotes.values())
    if (note.userId === from)
      state.personNotes.set(note.id, { ...note, userId: to, mergedFrom: note.mergedFrom ?? from })
}

/** Returns the notes that a merge moved, with those of the users who were merged into this one before. */
export function returnNotes(state: MemoryState, userId: string): void {
  const wasMergedInto = (id: string | null): boolean =>
    id !== null && (id === userId || wasMergedInto(state.users.get(id)?.mergedInto ?? null))
  for (const note of state.personNotes.values())
    if (wasMergedInto(note.mergedFrom)) {
      const mergedFrom = note.mergedFrom === userId ? null : note.mergedFrom
      state.personNotes.set(note.id, { ...note, userId, mergedFrom })
    }
}

/** Notes that came by a merge stay with the kept user, and do not name a user who is removed. */
export function forgetOrigin(state: MemoryState, userId: string): void {
  for (const note of state.personNotes.values())
    if (note.mergedFrom === userId) state.personNotes.set(note.id, { ...note, mergedFrom: null })
}
