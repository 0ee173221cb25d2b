import type { NewUser } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import { prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'

/** Whether there is anybody at all who may enter the console. */
export function hasAdministrator({ orm }: Pick<Database, 'orm'>): boolean {
  // Said out, because a bound value finds no partial index.
  const isAdmin = sql`${users.role} = 'admin'`
  return orm.select({ id: users.id }).from(users).where(isAdmin).get() !== undefined
}

/**
 * Makes a user with the role `admin`. An account of that name that is there already is left as it is, and
 * with `first` so is a database that has an administrator: of starts that race one makes the user.
 */
export function addAdministrator(
  database: Database,
  user: NewUser,
  { first }: { first: boolean },
): 'made' | 'has_administrator' | 'account_taken' {
  const known = prepareUsers(database)
  return database.writeNow(() => {
    if (first && hasAdministrator(database)) return 'has_administrator'
    if (known.hasAccount(user.accountKey)) return 'account_taken'
    known.insert(user)
    database.orm.update(users).set({ role: 'admin' }).where(eq(users.id, user.id)).run()
    return 'made'
  })
}
