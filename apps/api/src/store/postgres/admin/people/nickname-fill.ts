import { fillSize, type NicknameFill } from '../../../admin/people/nickname-fill.ts'
import type { Postgres } from '../../connection/index.ts'

/** The rows are locked, so that no other transaction changes a nickname or deletes its user while its ends are written. */
const fill = `with next as materialized (
    select id, nickname from users where id > $1 order by id limit ${fillSize} for share),
  filled as (
    insert into nickname_suffixes (suffix, user_id)
    select lower(substr(nickname, place)), id from next, generate_series(1, length(nickname)) as place
    on conflict do nothing)
  select max(id) as last from next`

export function createNicknameFill({
  reads,
  transaction,
}: Pick<Postgres, 'reads' | 'transaction'>): NicknameFill {
  return {
    step: async () => {
      if ((await reads.first('select 1 from nickname_fill')) === null) return 'done'
      return transaction([], async (tx) => {
        const position = await tx.first<{ filledUntil: string }>(
          'select filled_until as "filledUntil" from nickname_fill for update skip locked',
        )
        if (position === null) return 'busy'
        const found = await tx.first<{ last: string | null }>(fill, [position.filledUntil])
        const last = found?.last ?? null
        if (last === null) await tx.run('delete from nickname_fill')
        else await tx.run('update nickname_fill set filled_until = $1', [last])
        return last === null ? 'done' : 'more'
      })
    },
  }
}
