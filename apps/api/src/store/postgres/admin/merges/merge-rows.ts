import type { BoundBy } from '@mianmi/core'
import type { Merge, PersonIdentity } from '@mianmi/core/admin'
import {
  type MovedData,
  type MovedUnbinding,
  readMoved,
  writeMoved,
} from '../../../admin/merges/moved-data.ts'
import type { UserRow } from '../../../admin/merges/user-data.ts'
import type { Queries, Transaction } from '../../connection/index.ts'

export interface MergeRow {
  readonly id: string
  readonly mergedAt: number
  readonly undoUntil: number
  readonly undoneAt: number | null
  readonly keptId: string
  readonly keptName: string | null
  readonly goneId: string
  readonly goneName: string | null
  readonly adminId: string
}

const columns = `id, merged_at as "mergedAt", undo_until as "undoUntil", undone_at as "undoneAt",
  kept_user_id as "keptId", kept_name as "keptName", gone_user_id as "goneId",
  gone_name as "goneName", operator_id as "adminId"`

export const toMerge = ({ keptId, keptName, goneId, goneName, ...row }: MergeRow): Merge => ({
  ...row,
  kept: { id: keptId, name: keptName },
  gone: { id: goneId, name: goneName },
})

export const listMerges = async (queries: Queries, limit: number): Promise<Merge[]> =>
  (
    await queries.all<MergeRow>(
      `select ${columns} from merges order by merged_at desc, id desc limit $1`,
      [limit],
    )
  ).map(toMerge)

/** A merge that can still be undone. */
export async function findOpenMerge(
  queries: Queries,
  id: string,
  now: number,
): Promise<{ keptId: string; goneId: string; moved: MovedData } | null> {
  const row = await queries.first<{ keptId: string; goneId: string; moved: string }>(
    `select kept_user_id as "keptId", gone_user_id as "goneId", moved from merges
     where id = $1 and undone_at is null and undo_until > $2`,
    [id, now],
  )
  return row && { ...row, moved: readMoved(row.moved) }
}

export async function insertMerge(
  tx: Transaction,
  { moved, ...row }: MergeRow & { readonly moved: MovedData },
): Promise<Merge> {
  const { id, mergedAt, undoUntil, keptId, keptName, goneId, goneName, adminId } = row
  await tx.run(
    `insert into merges (id, merged_at, undo_until, kept_user_id, kept_name, gone_user_id,
       gone_name, operator_id, moved) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, mergedAt, undoUntil, keptId, keptName, goneId, goneName, adminId, writeMoved(moved)],
  )
  return toMerge(row)
}

export const markUndone = async (tx: Transaction, id: string, at: number): Promise<void> =>
  void (await tx.run(`update merges set undone_at = $2, moved = '{}' where id = $1`, [id, at]))

export const readUserRow = (queries: Queries, id: string): Promise<UserRow | null> =>
  queries.first<UserRow>(
    `select id, role, account, account_key as "accountKey", password_hash as "passwordHash", phone,
       phone_key as "phoneKey", sealed_phone as "sealedPhone", phone_proven_at as "phoneProvenAt",
       nickname, avatar_url as "avatarUrl", external_id as "externalId", disabled_at as "disabledAt",
       merged_into as "mergedInto" from users where id = $1`,
    [id],
  )

export async function saveUserRow(tx: Transaction, user: UserRow): Promise<void> {
  const { id, account, accountKey, passwordHash, phone, phoneKey, sealedPhone } = user
  const { phoneProvenAt, nickname, avatarUrl, externalId, disabledAt } = user
  await tx.run(
    `update users set account = $2, account_key = $3, password_hash = $4, phone = $5,
       phone_key = $6, sealed_phone = $7, phone_proven_at = $8, nickname = $9, avatar_url = $10,
       external_id = $11, disabled_at = $12 where id = $1`,
    [
      id,
      account,
      accountKey,
      passwordHash,
      phone,
      phoneKey,
      sealedPhone,
      phoneProvenAt,
      nickname,
      avatarUrl,
      externalId,
      disabledAt,
    ],
  )
}

/**
 * The notes on the user go to the other one. A note that another merge moved here keeps the user whom it was about at
 * first.
 */
export async function markMerged(
  tx: Transaction,
  { id, into, until, at }: { id: string; into: string; until: number; at: number },
): Promise<void> {
  await tx.run(
    `update users set merged_into = $2, merged_until = $3,
       disabled_at = coalesce(disabled_at, $4) where id = $1`,
    [id, into, until, at],
  )
  await tx.run(
    `update person_notes set user_id = $2, merged_from = coalesce(merged_from, $1)
     where user_id = $1`,
    [id, into],
  )
}

/** The notes come back, with those of the users who were merged into this one before. */
export async function unmarkMerged(tx: Transaction, id: string): Promise<void> {
  await tx.run('update users set merged_into = null, merged_until = null where id = $1', [id])
  await tx.run(
    `with recursive same(id) as (
       select $1::text collate "C" union
       select users.id from same join users on users.merged_into = same.id)
     update person_notes set user_id = $1, merged_from = nullif(merged_from, $1)
     where merged_from in (select id from same)`,
    [id],
  )
}

interface Move {
  readonly from: string
  readonly to: string
}

/** An identity that was bound again after the merge stays with its new owner. */
export const moveIdentity = async (
  tx: Transaction,
  { appId, openid, boundAt }: Pick<PersonIdentity, 'appId' | 'openid' | 'boundAt'>,
  { from, to, boundBy }: Move & { readonly boundBy: BoundBy },
): Promise<boolean> =>
  (await tx.run(
    `update identities set user_id = $5, bound_by = $6
     where app_id = $1 and openid = $2 and bound_at = $3 and user_id = $4`,
    [appId, openid, boundAt, from, to, boundBy],
  )) === 1

export const findUnbindings = (queries: Queries, userId: string): Promise<MovedUnbinding[]> =>
  queries.all<MovedUnbinding>(
    `select app_id as "appId", openid, unbound_at as "unboundAt" from unbindings
     where user_id = $1 order by app_id, openid`,
    [userId],
  )

/** False where the other user has this unbinding, or it was lifted or renewed since. */
export const moveUnbinding = async (
  tx: Transaction,
  { appId, openid, unboundAt }: MovedUnbinding,
  { from, to }: Move,
): Promise<boolean> =>
  (await tx.run(
    `update unbindings set user_id = $5
     where app_id = $1 and openid = $2 and unbound_at = $3 and user_id = $4
       and not exists (select 1 from unbindings u
         where u.app_id = $1 and u.openid = $2 and u.user_id = $5)`,
    [appId, openid, unboundAt, from, to],
  )) === 1
