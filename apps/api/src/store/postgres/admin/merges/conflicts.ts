import { type ConflictRef, conflictKey, type Page } from '@mianmi/core/admin'
import { readConflictCursor, writeConflictCursor } from '../../../admin/merges/conflict-cursor.ts'
import type { ConflictRow } from '../../../admin/merges/moved-data.ts'
import type { Queries } from '../../connection/index.ts'

const columns = `unionid, first_user_id as "firstUserId", second_user_id as "secondUserId",
  detected_at as "detectedAt"`
const newestFirst =
  'order by detected_at desc, unionid desc, first_user_id desc, second_user_id desc'
const key = '(unionid, first_user_id, second_user_id)'

const valuesOf = ({ unionid, firstUserId, secondUserId }: ConflictRef): string[] => [
  unionid,
  firstUserId,
  secondUserId,
]

/** A page of conflicts, newest first. */
export async function readConflictPage(
  queries: Queries,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<ConflictRow>> {
  const position = cursor === undefined ? null : readConflictCursor(cursor)
  const conflicts =
    position === null
      ? await queries.all<ConflictRow>(
          `select ${columns} from unionid_conflicts ${newestFirst} limit $1`,
          [limit + 1],
        )
      : await queries.all<ConflictRow>(
          `select ${columns} from unionid_conflicts
           where (detected_at, unionid, first_user_id, second_user_id) < ($2, $3, $4, $5)
           ${newestFirst} limit $1`,
          [limit + 1, position.detectedAt, ...valuesOf(position)],
        )
  const items = conflicts.slice(0, limit)
  const last = conflicts.length > limit ? items.at(-1) : undefined
  return { items, next: last ? writeConflictCursor(last) : null }
}

/** How many conflicts there are. Counts no further than the limit. */
export async function countConflicts(queries: Queries, limit: number): Promise<number> {
  const row = await queries.first<{ count: number }>(
    `select count(*) as count from (select from unionid_conflicts ${newestFirst} limit $1) c`,
    [limit],
  )
  return row?.count ?? 0
}

export const findConflict = (queries: Queries, ref: ConflictRef): Promise<ConflictRow | null> =>
  queries.first<ConflictRow>(
    `select ${columns} from unionid_conflicts where ${key} = ($1, $2, $3)`,
    valuesOf(conflictKey(ref)),
  )

/** The conflicts of users. */
export const findConflictsOf = (
  queries: Queries,
  userIds: readonly string[],
): Promise<ConflictRow[]> =>
  queries.all<ConflictRow>(
    `select ${columns} from unionid_conflicts
     where first_user_id = any($1::text[]) or second_user_id = any($1::text[])
     order by unionid, first_user_id, second_user_id`,
    [userIds],
  )

export const dropConflict = async (queries: Queries, ref: ConflictRef): Promise<void> =>
  void (await queries.run(
    `delete from unionid_conflicts where ${key} = ($1, $2, $3)`,
    valuesOf(ref),
  ))

/** False when the row exists already. */
export const insertConflict = async (queries: Queries, row: ConflictRow): Promise<boolean> =>
  (await queries.run(
    `insert into unionid_conflicts (unionid, first_user_id, second_user_id, detected_at)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [...valuesOf(row), row.detectedAt],
  )) === 1

/** Each user of the conflicts once. */
export const usersOf = (rows: readonly ConflictRow[]): string[] => [
  ...new Set(rows.flatMap(({ firstUserId, secondUserId }) => [firstUserId, secondUserId])),
]
