import { expect, it } from 'vitest'
import { createMemoryState, type PersonNoteRow } from '../state.ts'
import { removeUser } from './removal.ts'

const note: PersonNoteRow = {
  id: 'note',
  userId: 'kept',
  mergedFrom: 'gone',
  adminId: null,
  at: 0,
  text: 'called on Monday',
}

it('keeps a note that came by a merge, and no longer names the merged user (seed 795839444)', () => {
  const state = createMemoryState(() => 0)
  state.personNotes.set(note.id, note)
  removeUser(state, 'gone')
  expect([...state.personNotes.values()]).toEqual([{ ...note, mergedFrom: null }])
})
