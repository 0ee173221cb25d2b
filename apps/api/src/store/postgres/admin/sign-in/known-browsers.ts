import { browserTtl, type NewBrowser } from '@mianmi/core/admin'
import type { Queries, Transaction } from '../../connection/index.ts'

/** Upper limit of known browsers of one administrator. */
const browserLimit = 10

/**
 * The names for a verb that makes a browser known. Where it replaces a token, it changes rows of other administrators who
 * use the same browser, and they may change its own.
 */
export const browserLocks = ({ replaces }: NewBrowser): string[] =>
  replaces === null ? [] : ['known browsers']

export const isKnownBrowser = async (
  queries: Queries,
  { hash, userId, now }: { readonly hash: string; readonly userId: string; readonly now: number },
): Promise<boolean> =>
  (await queries.first(
    `select 1 as found from known_browsers
     where hash = $1 and user_id = $2 and expires_at > $3 and expires_at <= $4`,
    [hash, userId, now, now + browserTtl],
  )) !== null

/** Makes a browser known to a user, and replaces the token that it had, also for others to whom it is known. */
export async function addBrowser(
  tx: Transaction,
  userId: string,
  { hash, replaces, createdAt, expiresAt }: NewBrowser,
): Promise<void> {
  if (replaces !== null) {
    await tx.run('delete from known_browsers where hash = $1 and user_id = $2', [replaces, userId])
    // The browser has one cookie, so it is known to its other administrators by the new token too.
    await tx.run('update known_browsers set hash = $2 where hash = $1', [replaces, hash])
  }
  await tx.run(
    'insert into known_browsers (hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)',
    [hash, userId, createdAt, expiresAt],
  )
  await tx.run(removeOldest, [userId])
}

const removeOldest = `delete from known_browsers where user_id = $1 and hash not in (
  select hash from known_browsers where user_id = $1
  order by created_at desc, hash desc limit ${browserLimit})`

export const forgetBrowsers = async (queries: Queries, userId: string): Promise<void> =>
  void (await queries.run('delete from known_browsers where user_id = $1', [userId]))
