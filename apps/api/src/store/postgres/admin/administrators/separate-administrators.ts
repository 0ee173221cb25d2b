import type { AuditEvent } from '@mianmi/core'
import type { PhoneSealer } from '../../../../tokens/phone-sealer.ts'
import { sealForNewUser, separationLine } from '../../../admin/administrators/separation.ts'
import type { AdministratorAccounts, SeparatedAdministrator } from '../../../store.ts'
import { isolateWithTickets } from '../../account/user-locks.ts'
import { type Queries, runAgain, type Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { findConflictsOf, usersOf } from '../merges/conflicts.ts'
import { rewriteConflicts } from '../merges/rewrite-conflicts.ts'
import { administratorsLock } from './administrator-rows.ts'

/** Adds lines to the audit log in a transaction, after everything else that it locks. */
export interface AuditAppender {
  append(tx: Transaction, events: readonly AuditEvent[]): Promise<void>
}

interface MixedRow {
  readonly id: string
  readonly phone: string | null
  readonly phoneKey: string | null
  readonly sealedPhone: string | null
  readonly phoneProvenAt: number | null
}

/** Administrators with anything of the mini programs. A database that was moved here from SQLite may have some. */
const mixedAdministrators = `select id, phone, phone_key as "phoneKey",
    sealed_phone as "sealedPhone", phone_proven_at as "phoneProvenAt"
  from users u where role = 'admin' and merged_into is null and (phone is not null
    or exists (select 1 from identities i where i.user_id = u.id)
    or exists (select 1 from sessions s where s.user_id = u.id))
  order by created_at, id`

/**
 * The new user has the identities with their session keys, sessions, unbindings and conflicts, merged users, phone
 * number, nickname and avatar, and was created and disabled when the administrator was.
 */
export function createSeparation(
  { reads, transaction, phones }: PostgresDatabase,
  audit: AuditAppender,
): AdministratorAccounts['separate'] {
  return async ({ newId, now }) => {
    if ((await reads.all(mixedAdministrators)).length === 0) return []
    return transaction([administratorsLock], async (tx) => {
      const separated: SeparatedAdministrator[] = []
      for (const row of await lockMixed(tx))
        separated.push(await separate(tx, row, { userId: newId(), phones }))
      const at = now()
      await audit.append(
        tx,
        separated.map(({ adminId, userId }) => separationLine({ at, adminId, userId })),
      )
      return separated
    })
  }
}

/** Finds the administrators to separate, and locks everything that moves. */
async function lockMixed(tx: Transaction): Promise<MixedRow[]> {
  const users = (await tx.all<MixedRow>(mixedAdministrators)).map(({ id }) => id)
  const others = await findReferring(tx, users)
  await isolateWithTickets(tx, { users, others })
  const rows = await tx.all<MixedRow>(mixedAdministrators)
  const locked = new Set([...users, ...others])
  const found = [...rows.map(({ id }) => id), ...(await findReferring(tx, users))]
  if (!found.every((id) => locked.has(id))) throw runAgain('more users to lock')
  return rows
}

/** Users with whom the administrators have conflicts, and those who were merged into them. */
async function findReferring(queries: Queries, userIds: readonly string[]): Promise<string[]> {
  const merged = await queries.all<{ id: string }>(
    'select id from users where merged_into = any($1::text[])',
    [userIds],
  )
  return [...usersOf(await findConflictsOf(queries, userIds)), ...merged.map(({ id }) => id)]
}

async function separate(
  tx: Transaction,
  { id: adminId, phone, phoneKey, sealedPhone, phoneProvenAt }: MixedRow,
  { userId, phones }: { readonly userId: string; readonly phones: PhoneSealer },
): Promise<SeparatedAdministrator> {
  const sealed = sealForNewUser(phones, sealedPhone, { from: adminId, to: userId })
  await tx.run(insertUser, [adminId, userId])
  // Before the number is given to the new user: a number is unique at every moment.
  await tx.run(clearProfile, [adminId])
  if (sealed !== null) await tx.run(setPhone, [userId, phone, phoneKey, sealed, phoneProvenAt])
  for (const text of moves) await tx.run(text, [adminId, userId])
  // A reply that was lost before the upgrade is not repeated.
  await tx.run('delete from tickets where used_by = $1', [adminId])
  await rewriteConflicts(tx, { gone: adminId, kept: userId })
  return { adminId, userId, phoneLost: sealedPhone !== null && sealed === null }
}

const insertUser = `insert into users (id, nickname, avatar_url, role, disabled_at, created_at)
  select $2, nickname, avatar_url, 'user', disabled_at, created_at from users where id = $1`
const clearProfile = `update users set nickname = null, avatar_url = null, phone = null,
  phone_key = null, sealed_phone = null, phone_proven_at = null where id = $1`
const setPhone = `update users set phone = $2, phone_key = $3, sealed_phone = $4,
  phone_proven_at = $5 where id = $1`
const moves = [
  ...['identities', 'sessions', 'unbindings', 'avatars'].map(
    (table) => `update ${table} set user_id = $2 where user_id = $1`,
  ),
  'update users set merged_into = $2 where merged_into = $1',
  'update merges set kept_user_id = $2 where kept_user_id = $1',
]
