import {
  isLastAdministrator,
  type ProvenActor,
  type RoleRefusal,
  type RoleStore,
} from '@mianmi/core/admin'
import { hasAccount } from '../../account/user-rows.ts'
import { lockUsers, type Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { putEnrolment } from '../sign-in/enrolments.ts'
import { removeFactors } from '../sign-in/factors.ts'
import { insertAdministrator } from '../sign-in/new-administrator.ts'
import { allOr, refuse } from '../sign-in/refusable.ts'
import { administratorsLock, findAdministrators, listAdministrators } from './administrator-rows.ts'
import { isProven } from './proven-actors.ts'

const names = [administratorsLock]

/** The verbs that write run one after the other. */
export function createRoleStore(database: PostgresDatabase): RoleStore {
  return {
    list: (now) => listAdministrators(database.reads, now),
    add: ({ user, enrolment, by }) =>
      allOr(database, names, async (tx) => {
        await lockUsers(tx, [by.adminId])
        if (!(await isProven(tx, by))) return refuse('proof_rejected')
        if (await hasAccount(tx, user.accountKey)) return refuse('account_taken')
        await insertAdministrator(tx, database, user)
        await putEnrolment(tx, user.id, enrolment)
        return 'added'
      }),
    remove: ({ userId, by }) =>
      allOr(database, names, async (tx) => {
        await lockUsers(tx, [userId, by.adminId])
        const refusal = await refusalOf(tx, userId, by)
        if (refusal !== null) return refuse(refusal)
        await removeFactors(tx, userId)
        await tx.run(`update users set role = 'user' where id = $1`, [userId])
        return 'removed'
      }),
    resetFactor: ({ userId, enrolment, by }) =>
      allOr(database, names, async (tx) => {
        await lockUsers(tx, [userId, by.adminId])
        const refusal = await refusalOf(tx, userId, by)
        if (refusal !== null) return refuse(refusal)
        await removeFactors(tx, userId)
        await putEnrolment(tx, userId, enrolment)
        return 'reset'
      }),
  }
}

/** Why a change of this administrator is refused, after the proof was consumed; null where it is not. */
async function refusalOf(
  tx: Transaction,
  userId: string,
  by: ProvenActor,
): Promise<RoleRefusal | null> {
  if (!(await isProven(tx, by))) return 'proof_rejected'
  const all = await findAdministrators(tx)
  if (!all.some(({ id }) => id === userId)) return 'not_found'
  return isLastAdministrator(all, userId) ? 'last_administrator' : null
}
