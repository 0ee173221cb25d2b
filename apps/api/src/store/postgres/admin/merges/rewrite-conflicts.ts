import { conflictKey } from '@mianmi/core/admin'
import type { ConflictRow, MovedData } from '../../../admin/merges/moved-data.ts'
import type { Queries, Transaction } from '../../connection/index.ts'
import { dropConflict, findConflictsOf, insertConflict, usersOf } from './conflicts.ts'

/**
 * Moves the conflicts of the merged user to the kept user: a user who is the same person as the one is the same
 * person as the other. All users of the conflicts must be locked.
 */
export async function rewriteConflicts(
  tx: Transaction,
  { gone, kept }: { readonly gone: string; readonly kept: string },
): Promise<Pick<MovedData, 'dropped' | 'made'>> {
  const dropped = await findConflictsOf(tx, [gone])
  for (const row of dropped) await dropConflict(tx, row)
  const made: ConflictRow[] = []
  for (const { unionid, firstUserId, secondUserId, detectedAt } of dropped) {
    const other = firstUserId === gone ? secondUserId : firstUserId
    if (other === kept) continue
    const ref = conflictKey({ unionid, firstUserId: kept, secondUserId: other })
    const row = { ...ref, detectedAt }
    if (await insertConflict(tx, row)) made.push(row)
  }
  return { dropped, made }
}

/** Restores the conflicts. A user who was merged in the meantime is replaced by the user it was merged into. */
export async function reopenConflicts(
  tx: Transaction,
  { dropped, made }: Pick<MovedData, 'dropped' | 'made'>,
): Promise<void> {
  for (const row of made) await dropConflict(tx, row)
  const active = await findActiveUsers(tx, usersOf(dropped))
  for (const { unionid, detectedAt, ...of } of dropped) {
    const [one, other] = [active.get(of.firstUserId), active.get(of.secondUserId)]
    if (one === undefined || other === undefined || one === other) continue
    const ref = conflictKey({ unionid, firstUserId: one, secondUserId: other })
    await insertConflict(tx, { ...ref, detectedAt })
  }
}

/** For each user who exists, the user whom it was merged into at last, or itself. */
export async function findActiveUsers(
  queries: Queries,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await queries.all<{ id: string; active: string }>(
    `with recursive chain(id, active, merged_into) as (
       select id, id, merged_into from users where id = any($1::text[])
       union all select c.id, u.id, u.merged_into from chain c join users u on u.id = c.merged_into)
     select id, active from chain where merged_into is null`,
    [userIds],
  )
  return new Map(rows.map(({ id, active }) => [id, active]))
}
