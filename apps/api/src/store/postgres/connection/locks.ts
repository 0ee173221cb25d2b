import type { IdentityRef } from '@mianmi/core'
import { runAgain } from './query-error.ts'
import type { Transaction } from './transactions.ts'

/** Locks tickets by their hashes, in the order of these. */
export async function lockTickets(tx: Transaction, hashes: readonly string[]): Promise<void> {
  tx.locking('tickets')
  await tx.run('select 1 from tickets where hash = any($1::text[]) order by hash for update', [
    hashes,
  ])
}

/** Locks identities that a verb signs in or changes, in the order of their keys. What is not bound has no row to lock. */
export async function lockIdentities(
  tx: Transaction,
  identities: readonly IdentityRef[],
): Promise<void> {
  tx.locking('identities')
  await tx.run(
    `select 1 from identities i join unnest($1::text[], $2::text[]) as w(app_id, openid)
     on i.app_id = w.app_id and i.openid = w.openid
     order by i.app_id, i.openid for no key update of i`,
    [identities.map(({ appId }) => appId), identities.map(({ openid }) => openid)],
  )
}

/** Locks all identities of users against sign-ins, in the order of their keys. Returns how many they are. */
async function lockUserIdentities(tx: Transaction, userIds: readonly string[]): Promise<number> {
  tx.locking('identities')
  return tx.run(
    'select 1 from identities where user_id = any($1::text[]) order by app_id, openid for update',
    [userIds],
  )
}

/** Locks users against sign-ins and bindings, in the order of their ids. Returns those that exist. */
export async function lockUsers(tx: Transaction, ids: readonly string[]): Promise<string[]> {
  tx.locking('users')
  const rows = await tx.all<{ id: string }>(
    'select id from users where id = any($1::text[]) order by id for update',
    [ids],
  )
  return rows.map(({ id }) => id)
}

/**
 * Locks everything that sign-ins of these users rest on. A verb that disables, unbinds, removes or merges users begins
 * with it: a sign-in locks the same rows, so it has ended before, or it sees what the verb did. Returns the users that exist.
 *
 * The verb runs again where an identity was bound to one of the users between the two locks: a sign-in through it may hold
 * the identity and wait for the user.
 *
 * @param others users to whom rows refer that the verb writes; a foreign key would lock them later, out of order
 */
export async function isolateUsers(
  tx: Transaction,
  userIds: readonly string[],
  others: readonly string[] = [],
): Promise<string[]> {
  const locked = await lockUserIdentities(tx, userIds)
  const found = await lockUsers(tx, [...userIds, ...others])
  const row = await tx.first<{ count: number }>(
    'select count(*) as count from identities where user_id = any($1::text[])',
    [userIds],
  )
  // Nothing is bound to a locked user, and no locked identity is unbound, so only additions make a difference.
  if (row?.count !== locked) throw runAgain('an identity was bound meanwhile')
  return found
}
