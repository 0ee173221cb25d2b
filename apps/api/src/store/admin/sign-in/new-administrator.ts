import type { NewUser } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import { prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'

/** Whether there is an administrator. */
export function hasAdministrator({ orm }: Pick<Database, 'orm'>): boolean {
  // A literal and not a bound value, because SQLite uses a partial index only for a literal.
  const isAdmin = sql`${users.role} = 'admin'`
  return orm.select({ id: users.id }).from(users).where(isAdmin).get() !== undefined
}

/**
 * Creates a user with the role `admin`. An existing account of that name is not changed; with `first`, neither is a
 * database that has an administrator, so that of several concurrent starts one creates the user.
 */
export function addAdministrator(
  database: Database,
  user: NewUser,
  { first }: { first: boolean },
): 'created' | 'has_administrator' | 'account_taken' {
  const userStatements = prepareUsers(database)
  return database.writeNow(() => {
    if (first && hasAdministrator(database)) return 'has_administrator'
    if (userStatements.hasAccount(user.accountKey)) return 'account_taken'
    userStatements.insert(user)
    database.orm.update(users).set({ role: 'admin' }).where(eq(users.id, user.id)).run()
    return 'created'
  })
}
