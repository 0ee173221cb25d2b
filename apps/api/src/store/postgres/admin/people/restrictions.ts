import { canStillSignIn, type SignInRules } from '@mianmi/core'
import { isLastAdministrator, type PeopleStore } from '@mianmi/core/admin'
import { isolateForRemoval, removeUsers } from '../../account/removal.ts'
import { clearUserPhone, findUser } from '../../account/user-rows.ts'
import { isolateUsers, type Queries, type Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { identitiesOf } from '../../identity/identity-reads.ts'
import { endSessions } from '../../session/end-sessions.ts'
import { administratorsLock, findAdministrators } from '../administrators/administrator-rows.ts'
import { endAdminSessions } from '../sign-in/admin-sessions.ts'
import { findActiveUser } from './people-rows.ts'

type Restrictions = Pick<
  PeopleStore,
  'disable' | 'remove' | 'endSessions' | 'clearPassword' | 'clearPhone'
>

/** The verbs that take a session or a way to sign in from a user. */
export function createRestrictions(database: PostgresDatabase): Restrictions {
  const { transaction } = database
  return {
    disable: async (userId, at) =>
      transaction(await namesFor(database, userId), async (tx) => {
        await isolateUsers(tx, [userId])
        if (await isLast(tx, userId)) return 'last_administrator'
        if ((await tx.run(disable, [userId, at])) !== 1) return 'not_found'
        await endAllSessions(tx, userId)
        return 'disabled'
      }),
    remove: async (userId) =>
      transaction(await namesFor(database, userId), async (tx) => {
        const removed = await isolateForRemoval(tx, userId)
        if ((await findActiveUser(tx, userId)) === null) return 'not_found'
        if (await isLast(tx, userId)) return 'last_administrator'
        await removeUsers(tx, database, removed)
        return 'removed'
      }),
    endSessions: ({ userId, sessionId }) =>
      transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        return sessionId === undefined
          ? endAllSessions(tx, userId)
          : tx.run('delete from sessions where user_id = $1 and id = $2', [userId, sessionId])
      }),
    clearPassword: (userId, rules) =>
      transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        const user = await findActiveUser(tx, userId)
        if (user === null) return null
        if (user.role === 'admin') return 'administrator'
        await tx.run('update users set password_hash = null where id = $1', [userId])
        await endAllSessions(tx, userId)
        return canSignIn(tx, userId, rules)
      }),
    clearPhone: (userId, rules) =>
      transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        if ((await findActiveUser(tx, userId)) === null) return null
        await clearUserPhone(tx, userId)
        return canSignIn(tx, userId, rules)
      }),
  }
}

/** Disabling again keeps the first time. */
const disable = `update users set disabled_at = coalesce(disabled_at, $2)
  where id = $1 and merged_into is null`

/** A user who exists never becomes an administrator, so the role may be read before the transaction. */
async function namesFor({ reads }: PostgresDatabase, userId: string): Promise<string[]> {
  const user = await findActiveUser(reads, userId)
  return user?.role === 'admin' ? [administratorsLock] : []
}

const isLast = async (queries: Queries, userId: string): Promise<boolean> =>
  isLastAdministrator(await findAdministrators(queries), userId)

/** Also those of the console. Returns how many ended. */
export const endAllSessions = async (tx: Transaction, userId: string): Promise<number> =>
  (await endSessions(tx, [userId])) + (await endAdminSessions(tx, { userId }))

async function canSignIn(queries: Queries, userId: string, rules: SignInRules): Promise<boolean> {
  const user = await findUser(queries, userId)
  if (user === null) return false
  return canStillSignIn({ ...user, identities: await identitiesOf(queries, userId) }, rules)
}
