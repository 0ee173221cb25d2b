import { browserTtl, type NewBrowser } from '@mianmi/core/admin'
import { and, desc, eq, gt, lte, notInArray, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { prepareSweep } from '../../sweep.ts'
import { knownBrowsers } from '../schema.ts'

/** Upper limit of known browsers of one administrator. */
const browserLimit = 10

const { hash: key, expiresAt: time } = knownBrowsers
const hasHash = eq(knownBrowsers.hash, sql.placeholder('hash'))
const ofUser = eq(knownBrowsers.userId, sql.placeholder('userId'))

/** The statements on known browsers. Call those that write inside a transaction. */
export function prepareKnownBrowsers({ orm, clock }: Pick<Database, 'orm' | 'clock'>) {
  const find = orm
    .select({ hash: knownBrowsers.hash })
    .from(knownBrowsers)
    .where(
      and(hasHash, ofUser, gt(time, sql.placeholder('now')), lte(time, sql.placeholder('last'))),
    )
    .prepare()
  const insert = orm
    .insert(knownBrowsers)
    .values({
      hash: sql.placeholder('hash'),
      userId: sql.placeholder('userId'),
      createdAt: sql.placeholder('createdAt'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare()
  const remove = orm.delete(knownBrowsers).where(and(hasHash, ofUser)).prepare()
  // The browser has one cookie, so it is known to its other administrators by the new token too.
  const rename = orm
    .update(knownBrowsers)
    .set({ hash: sql`${sql.placeholder('to')}` })
    .where(hasHash)
    .prepare()
  const newest = orm
    .select({ hash: knownBrowsers.hash })
    .from(knownBrowsers)
    .where(ofUser)
    .orderBy(desc(knownBrowsers.createdAt), desc(knownBrowsers.hash))
    .limit(browserLimit)
  const removeOldest = orm
    .delete(knownBrowsers)
    .where(and(ofUser, notInArray(knownBrowsers.hash, newest)))
    .prepare()
  const forget = orm.delete(knownBrowsers).where(ofUser).prepare()
  const sweep = prepareSweep({ orm }, knownBrowsers, { key, time })
  return {
    has: (browser: { hash: string; userId: string; now: number }): boolean =>
      find.get({ ...browser, last: browser.now + browserTtl }) !== undefined,
    /** Makes a browser known to a user, and replaces the token that it had, also for others to whom it is known. */
    add: (userId: string, { hash, replaces, createdAt, expiresAt }: NewBrowser): void => {
      sweep(clock.observe(createdAt).earliest)
      if (replaces !== null) {
        remove.run({ hash: replaces, userId })
        rename.run({ hash: replaces, to: hash })
      }
      insert.run({ hash, userId, createdAt, expiresAt })
      removeOldest.run({ userId })
    },
    forget: (userId: string): void => void forget.run({ userId }),
  }
}
