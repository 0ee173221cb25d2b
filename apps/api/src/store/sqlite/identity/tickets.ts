import { type IdentityRef, longestCall, type SealedKey, type TicketStore } from '@mianmi/core'
import { and, eq, gt, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm'
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
  const isUsable = and(
    isNull(tickets.usedAt),
    unexpired,
    lte(tickets.expiresAt, sql.placeholder('latest')),
    hasTries,
  )
  const wasJustUsed = and(
    gt(tickets.usedAt, sql.placeholder('usedSince')),
    lte(tickets.usedAt, sql.placeholder('usedUntil')),
  )
  const find = orm
    .select()
    .from(tickets)
    .where(and(hasHash, or(isUsable, wasJustUsed)))
    .prepare()
  const spend = orm
    .update(tickets)
    .set({ tries: sql`${tickets.tries} + 1` })
    .where(and(hasHash, hasTries, or(unexpired, isNotNull(tickets.usedAt))))
    .prepare()
  const giveBack = orm
    .update(tickets)
    .set({ tries: sql`${tickets.tries} - 1` })
    .where(and(hasHash, gt(tickets.tries, 0)))
    .prepare()
  return {
    issue: async ({ hash, identity, expiresAt }, now) =>
      write(() => {
        sweep(now)
        const { sealed, fingerprint } = identity.key
        insert.run({ hash, ...identity, sealed, fingerprint, expiresAt })
      }),
    find: async ({ hash, now, ttl, maxTries, replayMs }) => {
      const usedUntil = now + longestCall
      const latest = usedUntil + ttl
      const row = find.get({ hash, now, latest, maxTries, usedSince: now - replayMs, usedUntil })
      if (row === undefined) return null
      const { appId, openid, unionid, sealedKey: sealed, keyFingerprint: fingerprint } = row
      return {
        identity: { appId, openid, unionid, key: { sealed, fingerprint } },
        used: row.usedBy === null ? null : { userId: row.usedBy, proof: row.usedProof },
      }
    },
    spendTry: async (request) => write(() => spend.run({ ...request }).changes === 1),
    returnTry: async (hash) => write(() => void giveBack.run({ hash })),
  }
}

interface IssuedTicket {
  readonly hash: string
  readonly unionid: string | null
  readonly key: SealedKey
}

/** The statements on tickets of a binding and an unbinding, inside their transactions. */
export function prepareTickets({ orm, sqlite }: Pick<Database, 'orm' | 'sqlite'>) {
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
  const issued = sqlite.prepare<[IdentityRef], Omit<IssuedTicket, 'key'> & SealedKey>(
    `select hash, unionid, sealed_key as sealed, key_fingerprint as fingerprint from tickets
     where app_id = :appId and openid = :openid order by issue_order`,
  )
  const renew = sqlite.prepare(
    `update tickets set unionid = coalesce(i.unionid, tickets.unionid),
       sealed_key = coalesce(i.sealed_key, tickets.sealed_key),
       key_fingerprint = coalesce(i.key_fingerprint, tickets.key_fingerprint)
     from identities i where i.app_id = :appId and i.openid = :openid
       and tickets.app_id = i.app_id and tickets.openid = i.openid`,
  )
  return {
    /** By whom and when the ticket was used; null where it was not. */
    useOf: (hash: string): { userId: string; at: number } | null => {
      const { userId = null, at = null } = findUse.get({ hash }) ?? {}
      return userId === null || at === null ? null : { userId, at }
    },
    /** What WeChat returned with each ticket of an identity, the oldest first. */
    issuedFor: ({ appId, openid }: IdentityRef): IssuedTicket[] =>
      issued.all({ appId, openid }).map(({ hash, unionid, ...key }) => ({ hash, unionid, key })),
    /** Gives the tickets of an identity that is being unbound what WeChat returned since they were issued. */
    renew: ({ appId, openid }: IdentityRef): void => void renew.run({ appId, openid }),
    isUnused: (hash: string): boolean => find.get({ hash }) !== undefined,
    use: (hash: string, by: { userId: string; proof: string | null; at: number }): void =>
      void use.run({ hash, ...by }),
  }
}

/**
 * Prepares the deletion of the tickets that a user used, and of those issued to an identity that is bound to the user or
 * was unbound from the user. Call it inside a transaction, before the user is removed.
 */
export function prepareTicketRemoval({
  sqlite,
}: Pick<Database, 'sqlite'>): (userId: string) => void {
  const drop = sqlite.prepare(
    `delete from tickets where used_by = :userId or exists (select 1 from identities i
       where i.user_id = :userId and i.app_id = tickets.app_id and i.openid = tickets.openid)
       or exists (select 1 from unbindings u
         where u.user_id = :userId and u.app_id = tickets.app_id and u.openid = tickets.openid)`,
  )
  return (userId) => void drop.run({ userId })
}
