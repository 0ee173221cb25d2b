import type { Role, UserStore } from '@mianmi/core'
import { type Queries, runAgain, type Transaction } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { isOwnIdentity } from '../identity/identity-reads.ts'
import { refuseCaller } from '../session/callers.ts'
import { endSessions } from '../session/end-sessions.ts'
import { dropTickets, isolateWithTickets } from './user-locks.ts'

type Removal = Pick<UserStore, 'remove' | 'removeCaller'>

export function createRemoval(database: PostgresDatabase): Removal {
  const { transaction } = database
  return {
    remove: (userId) =>
      transaction([], async (tx) => {
        const removed = await isolateForRemoval(tx, userId)
        await removePerson(tx, database, { userId, ...removed })
      }),
    removeCaller: ({ caller, provenBy }) =>
      transaction([], async (tx) => {
        const removed = await isolateForRemoval(tx, caller.userId)
        const refused = await refuseCaller(tx, caller)
        if (refused !== null) return refused
        if (!(await isOwnIdentity(tx, caller.userId, provenBy))) return 'unproven'
        await removePerson(tx, database, { userId: caller.userId, ...removed })
        return 'removed'
      }),
  }
}

/** What a removal has locked and deletes. */
interface RemovedRows {
  readonly users: readonly string[]
  readonly tickets: readonly string[]
}

/** Locks a user, and those who were merged into the user: they are the same person and are removed with it. */
export async function isolateForRemoval(tx: Transaction, userId: string): Promise<RemovedRows> {
  const users = await findSamePerson(tx, userId)
  const tickets = await isolateWithTickets(tx, { users })
  if ((await findSamePerson(tx, userId)).length > users.length)
    throw runAgain('a user was merged meanwhile')
  return { users, tickets }
}

const samePerson = `with recursive same(id) as (
    select $1::text collate "C" union
    select users.id from users join same on users.merged_into = same.id)
  select id from same`

export const findSamePerson = async (queries: Queries, userId: string): Promise<string[]> =>
  (await queries.all<{ id: string }>(samePerson, [userId])).map(({ id }) => id)

/** Removes a user, as `removeUsers` does, with what is to be sent about the person; that alone is told. */
export async function removePerson(
  tx: Transaction,
  database: PostgresDatabase,
  { userId, ...removed }: RemovedRows & { readonly userId: string },
): Promise<void> {
  const users = await tx.all<{ id: string; externalId: string | null; role: Role }>(
    `select id, external_id as "externalId", role from users where id = any($1::text[])
     order by id = $2 desc, id`,
    [removed.users, userId],
  )
  await removeUsers(tx, database, removed)
  tx.outbox.drop(removed.users)
  // Of those who were merged into the user too: what told the merge may just have been dropped.
  for (const { id, externalId, role } of users)
    if (role === 'user') tx.outbox.emit({ type: 'user.deleted', userId: id, externalId }, userId)
}

/**
 * Foreign keys delete what refers to the users. Rows that others may delete at the same time, because they refer to two
 * users or are no user's, are locked before, in order. The lines of the audit log stay as they are: without the pseudonym
 * they name no person.
 */
export async function removeUsers(
  tx: Transaction,
  database: PostgresDatabase,
  { users, tickets }: RemovedRows,
): Promise<void> {
  await database.rememberSubjects(tx, users)
  await dropTickets(tx, tickets)
  for (const text of sharedRows) await tx.run(text, [users])
  await endSessions(tx, users)
  await tx.run('delete from users where id = any($1::text[])', [users])
}

const sharedRows = [
  `select 1 from merges where kept_user_id = any($1::text[]) or gone_user_id = any($1::text[])
   order by id for update`,
  `select 1 from unionid_conflicts
   where first_user_id = any($1::text[]) or second_user_id = any($1::text[])
   order by unionid, first_user_id, second_user_id for update`,
  `select 1 from unbindings where user_id = any($1::text[])
   order by app_id, openid, user_id for update`,
]
