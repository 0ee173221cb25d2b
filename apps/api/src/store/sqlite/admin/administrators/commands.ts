import type { UserRecord } from '@mianmi/core'
import type { NewEnrolment } from '@mianmi/core/admin'
import { eq } from 'drizzle-orm'
import { prepareSetPassword, prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { adminSessions, knownBrowsers } from '../schema.ts'
import { prepareEnrolments } from '../sign-in/enrolments.ts'
import { prepareFactors, removeFactors } from '../sign-in/factors.ts'
import { prepareAdministrators } from './administrator-rows.ts'

/** What the commands do to an administrator. Each is one transaction, which does nothing where there is no such one. */

/** Replaces the second factor by an enrolment code. Null where no administrator has this name. */
export function resetFactor(
  database: Database,
  accountKey: string,
  enrolment: NewEnrolment,
): UserRecord | null {
  return changeAdministrator(database, accountKey, ({ id }) => {
    removeFactors(database, id)
    prepareEnrolments(database).put(id, enrolment)
  })
}

/** Stores a password and ends the console sessions; no browser stays known. Null where no administrator has this name. */
export function setAdministratorPassword(
  database: Database,
  accountKey: string,
  passwordHash: string,
): UserRecord | null {
  return changeAdministrator(database, accountKey, ({ id }) => {
    prepareSetPassword(database)(id, passwordHash)
    for (const table of [adminSessions, knownBrowsers])
      database.orm.delete(table).where(eq(table.userId, id)).run()
  })
}

/** Replaces the enrolment code of an administrator without a second factor; false where there is no such one. */
export function renewEnrolment(
  database: Database,
  accountKey: string,
  enrolment: NewEnrolment,
): boolean {
  return database.writeNow(() => {
    const user = prepareUsers(database).byAccount(accountKey)
    if (user?.role !== 'admin' || prepareFactors(database).of(user.id) !== null) return false
    prepareEnrolments(database).put(user.id, enrolment)
    return true
  })
}

function changeAdministrator(
  database: Database,
  accountKey: string,
  change: (administrator: UserRecord) => void,
): UserRecord | null {
  return database.writeNow(() => {
    const user = prepareUsers(database).byAccount(accountKey)
    if (user?.role !== 'admin') return null
    change(user)
    return user
  })
}

/** The account names of the administrators who can enrol no second factor: they have neither one nor a valid code. */
export function listUnenrolled(database: Database, now: number): string[] {
  return prepareAdministrators(database)
    .list(now)
    .filter(({ hasSecondFactor, enrolmentExpiresAt }) => {
      return !hasSecondFactor && enrolmentExpiresAt === null
    })
    .flatMap(({ account }) => account ?? [])
}
