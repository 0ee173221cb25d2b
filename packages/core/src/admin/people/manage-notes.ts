import { Failure } from '../../failure.ts'
import type { AdminService } from '../admin.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { maxNoteLength, type PersonNote } from './person-note-store.ts'

/** Notes of administrators on a user. */
export function manageNotes(
  ports: Pick<AdminPorts, 'personNotes' | 'tokens' | 'now'>,
): Pick<AdminService, 'addNote' | 'removeNote'> {
  return {
    async addNote({ administrator }, { userId, text }) {
      const note = draftNote(ports, { adminId: administrator.id, text })
      const result = await ports.personNotes.add({ ...note, userId })
      if (result === 'not_found') throw new Failure('not_found')
      if (result === 'full') throw new Failure('invalid_input', { detail: 'notes' })
      return { ...note, adminName: administrator.nickname ?? administrator.account }
    },
    async removeNote(_actor, which) {
      if (!(await ports.personNotes.remove(which))) throw new Failure('not_found')
    },
  }
}

/** @throws Failure `invalid_input` for a text that is empty or too long */
export function draftNote(
  { tokens, now }: Pick<AdminPorts, 'tokens' | 'now'>,
  { adminId, text }: { adminId: string; text: string },
): PersonNote {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > maxNoteLength)
    throw new Failure('invalid_input', { detail: 'text' })
  return { id: tokens.newId(), at: now(), adminId, text: trimmed }
}
