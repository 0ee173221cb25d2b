import { maxNotes, type PersonNote, type PersonNoteStore } from '@mianmi/core/admin'
import type { Postgres } from '../../connection/index.ts'

export function createPersonNoteStore({
  reads,
  writes,
  transaction,
}: Pick<Postgres, 'reads' | 'writes' | 'transaction'>): PersonNoteStore {
  return {
    list: (userId) =>
      reads.all<PersonNote>(
        `select id, at, operator_id as "adminId", text from person_notes where user_id = $1
         order by at desc, id desc`,
        [userId],
      ),
    // The lock of the user's row lets one caller count at a time.
    add: ({ id, userId, adminId, at, text }) =>
      transaction([], async (tx) => {
        const user = await tx.first(
          'select 1 from users where id = $1 and merged_into is null for no key update',
          [userId],
        )
        if (user === null) return 'not_found'
        const notes = await tx.first<{ count: number }>(
          'select count(*)::int as count from person_notes where user_id = $1',
          [userId],
        )
        if ((notes?.count ?? 0) >= maxNotes) return 'full'
        await tx.run(
          'insert into person_notes (id, user_id, operator_id, at, text) values ($1, $2, $3, $4, $5)',
          [id, userId, adminId, at, text],
        )
        return 'added'
      }),
    remove: async ({ userId, noteId }) =>
      (await writes.run('delete from person_notes where id = $1 and user_id = $2', [
        noteId,
        userId,
      ])) === 1,
  }
}
