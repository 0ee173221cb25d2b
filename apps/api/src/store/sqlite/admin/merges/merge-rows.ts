import type { BoundBy } from '@mianmi/core'
import type { Merge, PersonIdentity } from '@mianmi/core/admin'
import { type MovedData, readMoved, writeMoved } from '../../../admin/merges/moved-data.ts'
import type { UserRow } from '../../../admin/merges/user-data.ts'
import type { Database } from '../../database.ts'
import { prepareTicketRemoval } from '../../identity/tickets.ts'

interface MergeRow {
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

interface NewMergeRow extends MergeRow {
  readonly moved: MovedData
}

const columns = `id, merged_at as mergedAt, undo_until as undoUntil, undone_at as undoneAt,
  kept_user_id as keptId, kept_name as keptName, gone_user_id as goneId, gone_name as goneName,
  operator_id as adminId`

const toMerge = ({ keptId, keptName, goneId, goneName, ...row }: MergeRow): Merge => ({
  ...row,
  kept: { id: keptId, name: keptName },
  gone: { id: goneId, name: goneName },
})

/** The statements on the table of merges. */
export function prepareMergeRows({ sqlite }: Pick<Database, 'sqlite'>) {
  const newest = sqlite.prepare<[number], MergeRow>(
    `select ${columns} from merges order by merged_at desc, id desc limit ?`,
  )
  const selectOpen = sqlite.prepare<[{ id: string; now: number }], MergeRow & { moved: string }>(
    `select ${columns}, moved from merges
     where id = :id and undone_at is null and undo_until > :now`,
  )
  const insert = sqlite.prepare(
    `insert into merges (id, merged_at, undo_until, kept_user_id, kept_name, gone_user_id, gone_name,
       operator_id, moved)
     values (:id, :mergedAt, :undoUntil, :keptId, :keptName, :goneId, :goneName, :adminId, :moved)`,
  )
  const markUndone = sqlite.prepare(
    `update merges set undone_at = :at, moved = '{}' where id = :id`,
  )
  return {
    newest: (limit: number): Merge[] => newest.all(limit).map(toMerge),
    /** A merge that can still be undone. */
    findOpen: (id: string, now: number): { merge: Merge; moved: MovedData } | null => {
      const row = selectOpen.get({ id, now })
      if (row === undefined) return null
      const { moved, ...merge } = row
      return { merge: toMerge(merge), moved: readMoved(moved) }
    },
    insert: ({ moved, ...row }: NewMergeRow): Merge => {
      insert.run({ ...row, moved: writeMoved(moved) })
      return toMerge(row)
    },
    markUndone: (id: string, at: number): void => void markUndone.run({ id, at }),
  }
}

/** The statements with which a merge changes other tables. Call them inside a transaction. */
export function prepareMergeSteps({ sqlite }: Pick<Database, 'sqlite'>) {
  const read = sqlite.prepare<[string], UserRow>(
    `select id, role, account, account_key as accountKey, password_hash as passwordHash, phone,
       phone_key as phoneKey, sealed_phone as sealedPhone, phone_proven_at as phoneProvenAt,
       nickname, avatar_url as avatarUrl, external_id as externalId, disabled_at as disabledAt, merged_into as mergedInto from users where id = ?`,
  )
  const save = sqlite.prepare(
    `update users set account = :account, account_key = :accountKey, password_hash = :passwordHash,
       phone = :phone, phone_key = :phoneKey, sealed_phone = :sealedPhone,
       phone_proven_at = :phoneProvenAt, nickname = :nickname, avatar_url = :avatarUrl,
       external_id = :externalId, disabled_at = :disabledAt where id = :id`,
  )
  const markMerged = sqlite.prepare(
    `update users set merged_into = :into, merged_until = :until,
       disabled_at = coalesce(disabled_at, :at) where id = :id`,
  )
  const unmarkMerged = sqlite.prepare(
    'update users set merged_into = null, merged_until = null where id = ?',
  )
  // A note that another merge moved here keeps the user whom it was about at first.
  const moveNotes = sqlite.prepare(
    `update person_notes set user_id = :into, merged_from = coalesce(merged_from, :id)
     where user_id = :id`,
  )
  // With those of the users who were merged into this one before.
  const returnNotes = sqlite.prepare(
    `with recursive same(id) as (
       select :id union select users.id from same join users on users.merged_into = same.id)
     update person_notes set user_id = :id, merged_from = nullif(merged_from, :id)
     where merged_from in (select id from same)`,
  )
  // An identity that was bound again after the merge stays with its new owner.
  const moveIdentity = sqlite.prepare(
    `update identities set user_id = :to, bound_by = :boundBy
     where app_id = :appId and openid = :openid and bound_at = :boundAt and user_id = :from`,
  )
  const moveAvatar = sqlite.prepare(
    'update or ignore avatars set user_id = :to where user_id = :from',
  )
  return {
    read: (id: string): UserRow | null => read.get(id) ?? null,
    save: (user: UserRow): void => {
      const { mergedInto: _, role: __, ...row } = user
      save.run(row)
    },
    markMerged: (step: { id: string; into: string; until: number; at: number }): void => {
      markMerged.run(step)
      moveNotes.run({ id: step.id, into: step.into })
    },
    unmarkMerged: (id: string): void => {
      unmarkMerged.run(id)
      returnNotes.run({ id })
    },
    moveIdentity: (
      { appId, openid, boundAt }: Pick<PersonIdentity, 'appId' | 'openid' | 'boundAt'>,
      move: { from: string; to: string; boundBy: BoundBy },
    ): boolean => moveIdentity.run({ appId, openid, boundAt, ...move }).changes === 1,
    moveAvatar: (from: string, to: string): void => void moveAvatar.run({ from, to }),
    dropTickets: prepareTicketRemoval({ sqlite }),
  }
}
