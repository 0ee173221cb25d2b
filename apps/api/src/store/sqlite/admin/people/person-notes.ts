import { maxNotes, type PersonNote, type PersonNoteStore } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'

export function createPersonNoteStore({ sqlite, write }: Database): PersonNoteStore {
  const list = sqlite.prepare<[string], PersonNote>(
    `select id, at, operator_id as adminId, text from person_notes where user_id = ?
     order by at desc, id desc`,
  )
  const exists = sqlite.prepare('select 1 from users where id = ? and merged_into is null')
  const count = sqlite
    .prepare<[string], number>('select count(*) from person_notes where user_id = ?')
    .pluck()
  const insert = sqlite.prepare(
    `insert into person_notes (id, user_id, operator_id, at, text)
     values (:id, :userId, :adminId, :at, :text)`,
  )
  const remove = sqlite.prepare('delete from person_notes where id = ? and user_id = ?')
  return {
    list: async (userId) => list.all(userId),
    add: async (note) =>
      write(() => {
        if (exists.get(note.userId) === undefined) return 'not_found'
        if ((count.get(note.userId) ?? 0) >= maxNotes) return 'full'
        insert.run(note)
        return 'added'
      }),
    remove: async ({ userId, noteId }) => write(() => remove.run(noteId, userId).changes === 1),
  }
}
