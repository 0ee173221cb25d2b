import type { SeparatedAdministrator } from '../../../admin/administrators/administrator-accounts.ts'
import { sealForNewUser, separationLine } from '../../../admin/administrators/separation.ts'
import { createAtFirstUse } from '../../at-first-use.ts'
import type { AppendLines } from '../../audit/chain.ts'
import type { Database } from '../../database.ts'
import { prepareConflicts } from '../merges/conflicts.ts'
import { rewriteConflicts } from '../merges/rewrite-conflicts.ts'

interface MixedRow {
  readonly id: string
  readonly phone: string | null
  readonly phoneKey: string | null
  readonly sealedPhone: string | null
  readonly phoneProvenAt: number | null
}

/**
 * In earlier versions an administrator could sign in to a mini program. Moves everything of the mini programs from each
 * such administrator to a new user, in one transaction; later starts find nothing to move. The new user has the
 * identities with their session keys, sessions, unbindings and conflicts, merged users, phone number, nickname and
 * avatar, and was created and disabled when the administrator was. So the person stays signed in, and no WeChat account
 * and no number leads to the administrator, who keeps id, account name, password, second factor and recovery codes. The
 * lines for the audit log are stored in the same transaction.
 */
export function separateAdministrators(
  database: Database,
  { newId, now, append }: { newId: () => string; now: () => number; append: AppendLines },
): SeparatedAdministrator[] {
  const { writeNow } = database
  const steps = createAtFirstUse(() => prepareSteps(database))
  const separate = (row: MixedRow): SeparatedAdministrator => {
    const userId = newId()
    const sealedPhone = sealForNewUser(database.phones, row.sealedPhone, {
      from: row.id,
      to: userId,
    })
    const hasPhone = sealedPhone !== null
    steps.insertUser({ adminId: row.id, userId })
    steps.clearProfile(row.id)
    if (hasPhone) steps.setPhone({ ...row, id: userId, sealedPhone })
    steps.move({ adminId: row.id, userId })
    return { adminId: row.id, userId, phoneLost: row.sealedPhone !== null && !hasPhone }
  }
  return writeNow(() => {
    const separated = findMixed(database).map(separate)
    const at = now()
    append(separated.map(({ adminId, userId }) => separationLine({ at, adminId, userId })))
    return separated
  })
}

function findMixed({ sqlite }: Database): MixedRow[] {
  const mixed = sqlite.prepare<[], MixedRow>(
    `select id, phone, phone_key as phoneKey, sealed_phone as sealedPhone,
       phone_proven_at as phoneProvenAt
     from users u where role = 'admin' and merged_into is null and (phone is not null
       or exists (select 1 from identities i where i.user_id = u.id)
       or exists (select 1 from sessions s where s.user_id = u.id))
     order by created_at, id`,
  )
  return mixed.all()
}

function prepareSteps(database: Database) {
  const { sqlite } = database
  const conflicts = prepareConflicts(database)
  const insertUser = sqlite.prepare(
    `insert into users (id, nickname, avatar_url, role, disabled_at, created_at)
     select :userId, nickname, avatar_url, 'user', disabled_at, created_at
     from users where id = :adminId`,
  )
  // Before the number is given to the new user: a number is unique at every moment.
  const clearProfile = sqlite.prepare(
    `update users set nickname = null, avatar_url = null, phone = null, phone_key = null,
       sealed_phone = null, phone_proven_at = null where id = ?`,
  )
  const setPhone = sqlite.prepare(
    `update users set phone = :phone, phone_key = :phoneKey, sealed_phone = :sealedPhone,
       phone_proven_at = :phoneProvenAt where id = :id`,
  )
  const moves = [
    ...['identities', 'sessions', 'unbindings', 'avatars'].map(
      (table) => `update ${table} set user_id = :userId where user_id = :adminId`,
    ),
    'update users set merged_into = :userId where merged_into = :adminId',
    'update merges set kept_user_id = :userId where kept_user_id = :adminId',
  ].map((text) => sqlite.prepare(text))
  // A reply that was lost before the upgrade is not repeated.
  const dropTickets = sqlite.prepare('delete from tickets where used_by = ?')
  return {
    insertUser: (users: { adminId: string; userId: string }): void => void insertUser.run(users),
    clearProfile: (adminId: string): void => void clearProfile.run(adminId),
    setPhone: (row: MixedRow): void => void setPhone.run({ ...row }),
    move: (users: { adminId: string; userId: string }): void => {
      for (const step of moves) step.run(users)
      dropTickets.run(users.adminId)
      rewriteConflicts(conflicts, { gone: users.adminId, kept: users.userId })
    },
  }
}
