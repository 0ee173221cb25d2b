import type { AdministratorAccounts } from '../../../admin/administrators/administrator-accounts.ts'
import { prepareUsers } from '../../account/users.ts'
import type { AppendLines } from '../../audit/chain.ts'
import type { Database } from '../../database.ts'
import { addAdministrator, hasAdministrator } from '../sign-in/new-administrator.ts'
import {
  listUnenrolled,
  renewEnrolment,
  resetFactor,
  setAdministratorPassword,
} from './commands.ts'
import { separateAdministrators } from './separate-administrators.ts'

/** @param append adds lines to the audit log, inside a transaction */
export function createAdministratorAccounts(
  database: Database,
  append: AppendLines,
): AdministratorAccounts {
  return {
    has: async () => hasAdministrator(database),
    add: async (administrator, options) => addAdministrator(database, administrator, options),
    setPassword: async (key, passwordHash) => setAdministratorPassword(database, key, passwordHash),
    resetFactor: async (key, enrolment) => resetFactor(database, key, enrolment),
    renewEnrolment: async (key, enrolment) => renewEnrolment(database, key, enrolment),
    listUnenrolled: async (now) => listUnenrolled(database, now),
    separate: async (tools) => separateAdministrators(database, { ...tools, append }),
    addUser: async (user) =>
      database.writeNow(() => {
        const users = prepareUsers(database)
        if (users.hasAccount(user.accountKey)) return false
        users.insert(user)
        return true
      }),
  }
}
