import type { TicketStore } from '@mianmi/core'
import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { tickets } from './schema.ts'
import { sweepSize } from './sessions.ts'

export function createTicketStore({ orm, write }: Database): TicketStore {
  const insert = orm
    .insert(tickets)
    .values({
      hash: sql.placeholder('hash'),
      appId: sql.placeholder('appId'),
      openid: sql.placeholder('openid'),
      unionid: sql.placeholder('unionid'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare()
  const sweep = orm
    .delete(tickets)
    .where(
      sql`${tickets.hash} in (select hash from tickets where expires_at <= ${sql.placeholder('now')} limit ${sweepSize})`,
    )
    .prepare()
  const usable = and(
    eq(tickets.hash, sql.placeholder('hash')),
    gt(tickets.expiresAt, sql.placeholder('now')),
    lt(tickets.tries, sql.placeholder('maxTries')),
  )
  const find = orm
    .select({ appId: tickets.appId, openid: tickets.openid, unionid: tickets.unionid })
    .from(tickets)
    .where(usable)
    .prepare()
  const spend = orm
    .update(tickets)
    .set({ tries: sql`${tickets.tries} + 1` })
    .where(usable)
    .prepare()
  return {
    issue: async ({ hash, identity, expiresAt }, now) =>
      write(() => {
        sweep.run({ now })
        insert.run({ hash, ...identity, expiresAt })
      }),
    find: async (request) => find.get({ ...request }) ?? null,
    spendTry: async (request) => write(() => spend.run({ ...request }).changes === 1),
  }
}

/** What a binding does with its ticket, inside its own transaction. */
export function prepareTickets({ orm }: Database) {
  const mine = eq(tickets.hash, sql.placeholder('hash'))
  const exists = orm.select({ hash: tickets.hash }).from(tickets).where(mine).prepare()
  const burn = orm.delete(tickets).where(mine).prepare()
  return {
    exists: (hash: string): boolean => exists.get({ hash }) !== undefined,
    burn: (hash: string): void => void burn.run({ hash }),
  }
}
