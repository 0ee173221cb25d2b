import { canStillSignIn, type SignInRules } from '@mianmi/core'
import { isLastAdministrator, type PeopleStore } from '@mianmi/core/admin'
import { isolateForRemoval, removePerson } from '../../account/removal.ts'
import { clearUserPhone, findUser } from '../../account/user-rows.ts'
import { isolateUsers, lockUsers, type Queries, type Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { identitiesOf } from '../../identity/identity-reads.ts'
import { endSession, endSessions } from '../../session/end-sessions.ts'
import { administratorsLock, findAdministrators } from '../administrators/administrator-rows.ts'
import { endAdminSessions } from '../sign-in/admin-sessions.ts'
import { findActiveUser } from './people-rows.ts'

type Restrictions = Pick<
  PeopleStore,
  'disable' | 'enable' | 'remove' | 'endSessions' | 'clearPassword' | 'clearPhone'
>

/** The verbs that take a session or a way to sign in from a user. */
export function createRestrictions(database: PostgresDatabase): Restrictions {
  const { transaction } = database
  return {
    disable: async (userId, at) =>
      transaction(await namesFor(database, userId), async (tx) => {
        await isolateUsers(tx, [userId])
        if (await isLast(tx, userId)) return 'last_administrator'
        if (!(await setDisabled(tx, userId, at))) return 'not_found'
        await endAllSessions(tx, userId)
        return 'disabled'
      }),
    enable: (userId) =>
      transaction([], async (tx) => {
        await lockUsers(tx, [userId])
        return setDisabled(tx, userId, null)
      }),
    remove: async (userId) =>
      transaction(await namesFor(database, userId), async (tx) => {
        const removed = await isolateForRemoval(tx, userId)
        if ((await findActiveUser(tx, userId)) === null) return 'not_found'
        if (await isLast(tx, userId)) return 'last_administrator'
        await removePerson(tx, database, { userId, ...removed })
        return 'removed'
      }),
    endSessions: ({ userId, sessionId }) =>
      transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        if (sessionId === undefined) return endAllSessions(tx, userId)
        return (await endSession(tx, { id: sessionId, userId })) ? 1 : 0
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

const setDisabledAt = `update users set disabled_at = $2
  where id = $1 and merged_into is null and (disabled_at is null) <> ($2::bigint is null)`

/**
 * Disables a user, or enables the user where the time is null. Disabling again keeps the first time. Call it inside a
 * transaction. Returns whether there is such a user.
 */
export async function setDisabled(
  tx: Transaction,
  userId: string,
  at: number | null,
): Promise<boolean> {
  const isChanged = (await tx.run(setDisabledAt, [userId, at])) === 1
  if (isChanged) tx.outbox.emit({ type: at === null ? 'user.enabled' : 'user.disabled', userId })
  return isChanged || (await tx.run(isActive, [userId])) === 1
}

const isActive = 'select 1 from users where id = $1 and merged_into is null'

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
