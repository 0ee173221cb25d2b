import type { Identity, TicketStore } from '@mianmi/core'
import { and, eq, gt, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { tickets } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'

const hasHash = eq(tickets.hash, sql.placeholder('hash'))
const hasTries = lt(tickets.tries, sql.placeholder('maxTries'))
const unexpired = gt(tickets.expiresAt, sql.placeholder('now'))

export function createTicketStore({ orm, write }: Database): TicketStore {
  const insert = orm
    .insert(tickets)
    .values({
      hash: sql.placeholder('hash'),
      appId: sql.placeholder('appId'),
      openid: sql.placeholder('openid'),
      unionid: sql.placeholder('unionid'),
      sealedKey: sql.placeholder('sealed'),
      keyFingerprint: sql.placeholder('fingerprint'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare()
  const { hash: key, expiresAt: time } = tickets
  const sweep = prepareSweep({ orm }, tickets, { key, time })
  const isUsable = and(isNull(tickets.usedAt), unexpired, hasTries)
  const find = orm
    .select()
    .from(tickets)
    .where(and(hasHash, or(isUsable, gt(tickets.usedAt, sql.placeholder('usedSince')))))
    .prepare()
  const spend = orm
    .update(tickets)
    .set({ tries: sql`${tickets.tries} + 1` })
    .where(and(hasHash, hasTries, or(unexpired, isNotNull(tickets.usedAt))))
    .prepare()
  return {
    issue: async ({ hash, identity, expiresAt }, now) =>
      write(() => {
        sweep(now)
        const { sealed, fingerprint } = identity.key
        insert.run({ hash, ...identity, sealed, fingerprint, expiresAt })
      }),
    find: async ({ hash, now, maxTries, replayMs }) => {
      const row = find.get({ hash, now, maxTries, usedSince: now - replayMs })
      if (row === undefined) return null
      const { appId, openid, unionid, sealedKey: sealed, keyFingerprint: fingerprint } = row
      return {
        identity: { appId, openid, unionid, key: { sealed, fingerprint } },
        used: row.usedBy === null ? null : { userId: row.usedBy, proof: row.usedProof },
      }
    },
    spendTry: async (request) => write(() => spend.run({ ...request }).changes === 1),
  }
}

interface NewestTicket {
  readonly unionid: string | null
  readonly sealed: string
  readonly fingerprint: string
  readonly ownSealed: string
  readonly ownFingerprint: string
}

/** The statements with which a binding uses up its ticket, inside its transaction. */
export function prepareTickets({ orm, sqlite }: Database) {
  const unused = and(hasHash, isNull(tickets.usedAt))
  const find = orm.select({ hash: tickets.hash }).from(tickets).where(unused).prepare()
  const use = orm
    .update(tickets)
    .set({
      usedAt: sql`${sql.placeholder('at')}`,
      usedBy: sql`${sql.placeholder('userId')}`,
      usedProof: sql`${sql.placeholder('proof')}`,
      // The call may be repeated, also where it succeeded at the last try.
      tries: 0,
      // Rows are swept by their expiry, so it is moved beyond the time in which the call may be repeated.
      expiresAt: sql`max(${tickets.expiresAt}, ${sql.placeholder('at')} + 60000)`,
    })
    .where(unused)
    .prepare()
  const findUse = orm
    .select({ userId: tickets.usedBy, at: tickets.usedAt })
    .from(tickets)
    .where(and(hasHash, isNotNull(tickets.usedAt)))
    .prepare()
  // Row ids are in the order of issue. An expiry only moves forward, so a later ticket expires no earlier.
  const newest = sqlite.prepare<[{ hash: string }], NewestTicket>(
    `select newest.unionid, newest.sealed_key as sealed, newest.key_fingerprint as fingerprint,
       own.sealed_key as ownSealed, own.key_fingerprint as ownFingerprint
     from tickets own join tickets newest on newest.expires_at >= own.expires_at
       and newest.app_id = own.app_id and newest.openid = own.openid and newest.rowid >= own.rowid
     where own.hash = :hash order by newest.rowid desc limit 1`,
  )
  return {
    /** By whom and when the ticket was used; null where it was not. */
    useOf: (hash: string): { userId: string; at: number } | null => {
      const { userId = null, at = null } = findUse.get({ hash }) ?? {}
      return userId === null || at === null ? null : { userId, at }
    },
    /**
     * What WeChat returned with the newest ticket of the identity, and the sealed key of this one where that is another
     * key. They are read again, because a change of SECRET_KEY may have sealed them again since the ticket was found.
     */
    newest: (
      hash: string,
    ): (Pick<Identity, 'unionid' | 'key'> & { previousKey: string | null }) | null => {
      const row = newest.get({ hash })
      if (row === undefined) return null
      const { unionid, sealed, fingerprint, ownSealed, ownFingerprint } = row
      const previousKey = fingerprint === ownFingerprint ? null : ownSealed
      return { unionid, key: { sealed, fingerprint }, previousKey }
    },
    isUnused: (hash: string): boolean => find.get({ hash }) !== undefined,
    use: (hash: string, by: { userId: string; proof: string | null; at: number }): void =>
      void use.run({ hash, ...by }),
  }
}
