import type { UserRecord } from '@mianmi/core'
import type { AdministratorAccounts } from '../../../store.ts'
import {
  findUserByAccount,
  hasAccount,
  insertUser,
  setUserPassword,
} from '../../account/user-rows.ts'
import { lockUsers, runAgain, type Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { endAdminSessions } from '../sign-in/admin-sessions.ts'
import { putEnrolment } from '../sign-in/enrolments.ts'
import { findSecondFactor, removeFactors } from '../sign-in/factors.ts'
import { forgetBrowsers } from '../sign-in/known-browsers.ts'
import { insertAdministrator } from '../sign-in/new-administrator.ts'
import { administratorsLock, listAdministrators } from './administrator-rows.ts'
import { type AuditAppender, createSeparation } from './separate-administrators.ts'

export function createAdministratorAccounts(
  database: PostgresDatabase,
  audit: AuditAppender,
): AdministratorAccounts {
  const { reads, phones, transaction } = database
  return {
    has: async () => (await reads.first(anyAdministrator)) !== null,
    add: ({ user, enrolment }, { first }) =>
      transaction([administratorsLock], async (tx) => {
        if (first && (await tx.first(anyAdministrator)) !== null) return 'has_administrator'
        if (await hasAccount(tx, user.accountKey)) return 'account_taken'
        await insertAdministrator(tx, database, user)
        await putEnrolment(tx, user.id, enrolment)
        return 'created'
      }),
    setPassword: (accountKey, passwordHash) =>
      changeAdministrator(database, accountKey, async (tx, { id }) => {
        await setUserPassword(tx, id, passwordHash)
        await endAdminSessions(tx, { userId: id })
        await forgetBrowsers(tx, id)
      }),
    resetFactor: (accountKey, enrolment) =>
      changeAdministrator(database, accountKey, async (tx, { id }) => {
        await removeFactors(tx, id)
        await putEnrolment(tx, id, enrolment)
      }),
    renewEnrolment: (accountKey, enrolment) =>
      transaction([administratorsLock], async (tx) => {
        const user = await lockAdministrator(tx, accountKey)
        if (user === null || (await findSecondFactor(tx, user.id)) !== null) return false
        await putEnrolment(tx, user.id, enrolment)
        return true
      }),
    listUnenrolled: async (now) =>
      (await listAdministrators(reads, now))
        .filter(
          ({ hasSecondFactor, enrolmentExpiresAt }) =>
            !hasSecondFactor && enrolmentExpiresAt === null,
        )
        .flatMap(({ account }) => account ?? []),
    separate: createSeparation(database, audit),
    addUser: (user) =>
      transaction([], async (tx) => {
        if (await hasAccount(tx, user.accountKey)) return false
        await insertUser(tx, phones, user)
        return true
      }),
  }
}

const anyAdministrator = `select 1 as found from users where role = 'admin' limit 1`

/** One transaction, which does nothing where no administrator has this name. */
const changeAdministrator = (
  { transaction }: PostgresDatabase,
  accountKey: string,
  change: (tx: Transaction, administrator: UserRecord) => Promise<void>,
): Promise<UserRecord | null> =>
  transaction([administratorsLock], async (tx) => {
    const user = await lockAdministrator(tx, accountKey)
    if (user !== null) await change(tx, user)
    return user
  })

/** Finds an administrator by name and locks the row; null where no administrator has it. */
async function lockAdministrator(tx: Transaction, accountKey: string): Promise<UserRecord | null> {
  const found = await findUserByAccount(tx, accountKey)
  if (found === null) return null
  await lockUsers(tx, [found.id])
  const user = await findUserByAccount(tx, accountKey)
  if (user?.id !== found.id) throw runAgain('the name has another user')
  return user.role === 'admin' ? user : null
}
