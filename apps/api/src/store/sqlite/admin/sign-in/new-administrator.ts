import type { NewUser } from '@mianmi/core'
import type { NewEnrolment } from '@mianmi/core/admin'
import { eq, sql } from 'drizzle-orm'
import { prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'
import { prepareEnrolments } from './enrolments.ts'

/** Whether there is an administrator. */
export function hasAdministrator({ orm }: Pick<Database, 'orm'>): boolean {
  // A literal and not a bound value, because SQLite uses a partial index only for a literal.
  const isAdmin = sql`${users.role} = 'admin'`
  return orm.select({ id: users.id }).from(users).where(isAdmin).get() !== undefined
}

/** Inserts a user with the role `admin`. Call it inside a transaction. */
export function insertAdministrator(database: Database, user: NewUser): void {
  prepareUsers(database).insert(user)
  database.orm.update(users).set({ role: 'admin' }).where(eq(users.id, user.id)).run()
}

/**
 * Creates a user with the role `admin`. An existing account of that name is not changed; with `first`, neither is a
 * database that has an administrator, so that of several concurrent starts one creates the user.
 */
export function addAdministrator(
  database: Database,
  { user, enrolment }: { user: NewUser; enrolment: NewEnrolment },
  { first }: { first: boolean },
): 'created' | 'has_administrator' | 'account_taken' {
  return database.writeNow(() => {
    if (first && hasAdministrator(database)) return 'has_administrator'
    if (prepareUsers(database).hasAccount(user.accountKey)) return 'account_taken'
    insertAdministrator(database, user)
    prepareEnrolments(database).put(user.id, enrolment)
    return 'created'
  })
}
