import type { PhoneSealer } from '../../../tokens/phone-sealer.ts'
import {
  isolateUsers,
  lockTickets,
  type Queries,
  runAgain,
  type Transaction,
} from '../connection/index.ts'

/** Tickets that the users have used, and those issued to an identity that is bound to them or was unbound from them. */
const ticketsOfUsers = `select hash from tickets where used_by = any($1::text[])
  union select t.hash from identities i join tickets t using (app_id, openid)
    where i.user_id = any($1::text[])
  union select t.hash from unbindings u join tickets t using (app_id, openid)
    where u.user_id = any($1::text[])`

export const findTickets = async (
  queries: Queries,
  userIds: readonly string[],
): Promise<string[]> =>
  (await queries.all<{ hash: string }>(ticketsOfUsers, [userIds])).map(({ hash }) => hash)

/**
 * Locks what `isolateUsers` does, and before it the tickets of the users, which it returns. A verb that deletes tickets
 * begins with it: a binding locks its ticket first and then waits for the identity.
 *
 * @param userIds.others users to whom rows refer that the verb writes; their sign-ins wait too
 */
export async function isolateWithTickets(
  tx: Transaction,
  {
    users,
    others = [],
  }: { readonly users: readonly string[]; readonly others?: readonly string[] },
): Promise<string[]> {
  const hashes = await findTickets(tx, users)
  await lockTickets(tx, hashes)
  await isolateUsers(tx, users, others)
  const locked = new Set(hashes)
  if (!(await findTickets(tx, users)).every((hash) => locked.has(hash)))
    throw runAgain('a ticket was issued meanwhile')
  return hashes
}

/** Deletes tickets that `isolateWithTickets` has locked. */
export const dropTickets = async (tx: Transaction, hashes: readonly string[]): Promise<void> =>
  void (await tx.run('delete from tickets where hash = any($1::text[])', [hashes]))

/** Deletes those of the locked tickets that are a user's. */
export async function dropTicketsOf(
  tx: Transaction,
  userId: string,
  locked: readonly string[],
): Promise<void> {
  const own = new Set(await findTickets(tx, [userId]))
  await dropTickets(
    tx,
    locked.filter((hash) => own.has(hash)),
  )
}

/**
 * The names that serialise claims on a number. Nodes whose first key of SECRET_KEY differs store one number under two
 * keys, and do not meet at the unique index.
 */
export const phoneLocks = (phones: PhoneSealer, phone: string): string[] =>
  phones.keys(phone).map((key) => `phone ${key}`)
