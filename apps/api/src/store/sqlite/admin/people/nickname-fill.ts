import { fillSize, type NicknameFill } from '../../../admin/people/nickname-fill.ts'
import type { Database } from '../../database.ts'

const ends = Array.from({ length: 32 }, (_, index) => index + 1)

export function createNicknameFill({ sqlite, write }: Database): NicknameFill {
  const position = sqlite.prepare<[], string>('select filled_until from nickname_fill').pluck()
  const lastOf = sqlite
    .prepare<[string], string | null>(
      `select max(id) from (select id from users where id > ? order by id limit ${fillSize})`,
    )
    .pluck()
  const fill = sqlite.prepare<[string, string]>(
    `insert or ignore into nickname_suffixes
     select lower(substr(nickname, value)), users.id from users, json_each('[${ends}]')
     where users.id > ? and users.id <= ? and value <= length(nickname)`,
  )
  const advance = sqlite.prepare<[string]>('update nickname_fill set filled_until = ?')
  const finish = sqlite.prepare('delete from nickname_fill')
  return {
    step: async () => {
      if (position.get() === undefined) return 'done'
      return write(() => {
        const from = position.get()
        if (from === undefined) return 'done'
        const last = lastOf.get(from) ?? null
        if (last === null) {
          finish.run()
          return 'done'
        }
        fill.run(from, last)
        advance.run(last)
        return 'more'
      })
    },
  }
}
