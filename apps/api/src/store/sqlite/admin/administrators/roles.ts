import {
  isLastAdministrator,
  type ProvenActor,
  type RoleRefusal,
  type RoleStore,
} from '@mianmi/core/admin'
import { eq } from 'drizzle-orm'
import { prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'
import { prepareEnrolments } from '../sign-in/enrolments.ts'
import { removeFactors } from '../sign-in/factors.ts'
import { insertAdministrator } from '../sign-in/new-administrator.ts'
import { allOr, refuse } from '../sign-in/refusable.ts'
import { prepareAdministrators } from './administrator-rows.ts'
import { prepareProvenActors } from './proven-actors.ts'

/** Each verb that writes is one immediate transaction, so what it checks still holds when it writes. */
export function createRoleStore(database: Database): RoleStore {
  const userRows = prepareUsers(database)
  const spend = prepareProvenActors(database)
  const administrators = prepareAdministrators(database)
  const enrolments = prepareEnrolments(database)

  const isRejected = (by: ProvenActor): boolean => !spend(by)
  /** Why a change of this administrator is refused, after the proof was consumed; null where it is not. */
  const refusalOf = (userId: string, by: ProvenActor): RoleRefusal | null => {
    if (isRejected(by)) return 'proof_rejected'
    const all = administrators.all()
    if (!all.some(({ id }) => id === userId)) return 'not_found'
    return isLastAdministrator(all, userId) ? 'last_administrator' : null
  }
  return {
    list: async (now) => administrators.list(now),
    add: ({ user, enrolment, by }) =>
      allOr(database, () => {
        if (isRejected(by)) return refuse('proof_rejected')
        if (userRows.hasAccount(user.accountKey)) return refuse('account_taken')
        insertAdministrator(database, user)
        enrolments.put(user.id, enrolment)
        return 'added'
      }),
    remove: ({ userId, by }) =>
      allOr(database, () => {
        const refusal = refusalOf(userId, by)
        if (refusal !== null) return refuse(refusal)
        removeFactors(database, userId)
        database.orm.update(users).set({ role: 'user' }).where(eq(users.id, userId)).run()
        return 'removed'
      }),
    resetFactor: ({ userId, enrolment, by }) =>
      allOr(database, () => {
        const refusal = refusalOf(userId, by)
        if (refusal !== null) return refuse(refusal)
        removeFactors(database, userId)
        enrolments.put(userId, enrolment)
        return 'reset'
      }),
  }
}
