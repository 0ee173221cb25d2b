import type { UserRecord } from '@mianmi/core'
import type { AdminSession } from '@mianmi/core/admin'
import { and, eq, getTableColumns, ne, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'
import { prepareSweep } from '../../sweep.ts'
import { adminSessions } from '../schema.ts'

const hasHash = eq(adminSessions.hash, sql.placeholder('hash'))

/** The statements on sessions of the console. Call those that write inside a transaction. */
export function prepareAdminSessions({ orm }: Database) {
  const insert = orm
    .insert(adminSessions)
    .values({
      hash: sql.placeholder('hash'),
      userId: sql.placeholder('userId'),
      factor: sql.placeholder('factor'),
      createdAt: sql.placeholder('createdAt'),
      lastSeenAt: sql.placeholder('lastSeenAt'),
      expiresAt: sql.placeholder('expiresAt'),
      passwordFingerprint: sql.placeholder('passwordFingerprint'),
    })
    .prepare()
  const { hash: key, expiresAt: time } = adminSessions
  const sweep = prepareSweep({ orm }, adminSessions, { key, time })
  const find = orm
    .select({ session: getTableColumns(adminSessions), user: getTableColumns(users) })
    .from(adminSessions)
    .innerJoin(users, eq(users.id, adminSessions.userId))
    .where(hasHash)
    .prepare()
  const touch = orm
    .update(adminSessions)
    .set({ lastSeenAt: sql`${sql.placeholder('now')}` })
    .where(hasHash)
    .prepare()
  const draft = orm
    .update(adminSessions)
    .set({ pendingSecret: sql`${sql.placeholder('sealedSecret')}` })
    .where(hasHash)
    .prepare()
  const isFirst = and(hasHash, eq(adminSessions.factor, 'first'))
  const drafted = sql`${adminSessions.pendingSecret} is ${sql.placeholder('drafted')}`
  const deleteWithSecret = orm.delete(adminSessions).where(and(isFirst, drafted)).prepare()
  const deleteFirst = orm.delete(adminSessions).where(isFirst).prepare()
  const end = orm.delete(adminSessions).where(hasHash).prepare()
  const ofUser = eq(adminSessions.userId, sql.placeholder('userId'))
  const endOthers = orm
    .delete(adminSessions)
    .where(and(ofUser, ne(adminSessions.hash, sql.placeholder('keep'))))
    .prepare()
  const renew = orm
    .update(adminSessions)
    .set({ passwordFingerprint: sql`${sql.placeholder('passwordFingerprint')}` })
    .where(hasHash)
    .prepare()
  return {
    insert: (session: AdminSession): void => {
      sweep(session.createdAt)
      insert.run({ ...session })
    },
    find: (hash: string): { session: AdminSession; user: UserRecord } | null =>
      find.get({ hash }) ?? null,
    touch: (hash: string, now: number): void => void touch.run({ hash, now }),
    draft: (hash: string, sealedSecret: string): void => void draft.run({ hash, sealedSecret }),
    /** @param secret the pending secret that the session must still have; null for any */
    deleteFirstFactor: (hash: string, secret: string | null): boolean =>
      (secret === null
        ? deleteFirst.run({ hash })
        : deleteWithSecret.run({ hash, drafted: secret })
      ).changes === 1,
    end: (hash: string): void => void end.run({ hash }),
    endOthers: (userId: string, keep: string): void => void endOthers.run({ userId, keep }),
    renew: (session: Pick<AdminSession, 'hash' | 'passwordFingerprint'>): void =>
      void renew.run({ ...session }),
  }
}
