import { type ConflictRef, conflictKey } from '@mianmi/core/admin'
import { readConflictCursor, writeConflictCursor } from '../../../admin/merges/conflict-cursor.ts'
import type { ConflictRow } from '../../../admin/merges/moved-data.ts'
import type { Database } from '../../database.ts'
import { createStatementCache } from '../statement-cache.ts'

const columns = `unionid, first_user_id as firstUserId, second_user_id as secondUserId,
  detected_at as detectedAt`
const keyValues = '(:unionid, :firstUserId, :secondUserId)'
const key = '(unionid, first_user_id, second_user_id)'

/** The statements on conflicts. Call those that write inside a transaction. */
export function prepareConflicts({ sqlite }: Pick<Database, 'sqlite'>) {
  const { all, get } = createStatementCache({ sqlite })
  const drop = sqlite.prepare(`delete from unionid_conflicts where ${key} = ${keyValues}`)
  const insert = sqlite.prepare(
    `insert into unionid_conflicts (unionid, first_user_id, second_user_id, detected_at)
     values (:unionid, :firstUserId, :secondUserId, :detectedAt) on conflict do nothing`,
  )
  const page = ({ cursor, limit }: { cursor?: string | undefined; limit: number }) => {
    const position = cursor === undefined ? null : readConflictCursor(cursor)
    const afterPosition =
      position === null
        ? ''
        : `where (detected_at, unionid, first_user_id, second_user_id)
      < (:detectedAt, :unionid, :firstUserId, :secondUserId)`
    const conflicts = all<ConflictRow>(
      `select ${columns} from unionid_conflicts ${afterPosition}
       order by detected_at desc, unionid desc, first_user_id desc, second_user_id desc limit :limit`,
      { ...position, limit: limit + 1 },
    )
    const rows = conflicts.slice(0, limit)
    const last = conflicts.length > limit ? rows.at(-1) : undefined
    return { rows, next: last ? writeConflictCursor(last) : null }
  }
  /** Counts no further than the limit. */
  const count = (limit: number): number =>
    get<{ size: number }>(
      'select count(*) as size from (select 1 from unionid_conflicts limit :limit)',
      { limit },
    )?.size ?? 0
  return {
    page,
    count,
    find: (ref: ConflictRef): ConflictRow | undefined =>
      get<ConflictRow>(`select ${columns} from unionid_conflicts where ${key} = ${keyValues}`, {
        ...conflictKey(ref),
      }),
    of: (userId: string): ConflictRow[] =>
      all<ConflictRow>(
        `select ${columns} from unionid_conflicts
         where first_user_id = :userId or second_user_id = :userId order by unionid`,
        { userId },
      ),
    drop: ({ unionid, firstUserId, secondUserId }: ConflictRef): void =>
      void drop.run({ unionid, firstUserId, secondUserId }),
    /** False when the row exists already. */
    insert: (row: ConflictRow): boolean => insert.run({ ...row }).changes === 1,
  }
}
