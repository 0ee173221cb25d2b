import type { UserRecord } from '@mianmi/core'
import type { AdministratorStore, AdminSession } from '@mianmi/core/admin'
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'
import { prepareSweep } from '../../sweep.ts'
import { adminSessions } from '../schema.ts'
import { prepareFactors } from './factors.ts'

const hasHash = eq(adminSessions.hash, sql.placeholder('hash'))

/** Each verb that writes is one immediate transaction, so what it checks still holds when it writes. */
export function createAdministratorStore(database: Database): AdministratorStore {
  const { write } = database
  const sessions = prepareAdminSessions(database)
  const factors = prepareFactors(database)

  /**
   * Replaces a session of the first factor by a full one. False when it no longer exists, is full already, or has
   * another pending secret.
   */
  const upgrade = (from: string, to: AdminSession, drafted: string | null): boolean => {
    if (!sessions.deleteFirstFactor(from, drafted)) return false
    sessions.insert(to)
    return true
  }
  /** Runs the steps in one transaction, which is rolled back when they return false. */
  const allOrNothing = (steps: () => boolean): Promise<boolean> =>
    write(() => {
      if (!steps()) throw rollback
      return true
    }).catch((error: unknown) => {
      if (error === rollback) return false
      throw error
    })
  return {
    open: (session) => write(() => sessions.insert(session)),
    find: async (hash) => {
      const row = sessions.find(hash)
      return row && { ...row, secondFactor: factors.of(row.user.id) }
    },
    secondFactorOf: async (userId) => factors.of(userId),
    touch: (hash, now) => write(() => sessions.touch(hash, now)),
    end: (hash) => write(() => sessions.end(hash)),
    draftSecret: (hash, sealedSecret) => write(() => sessions.draft(hash, sealedSecret)),
    enrol: ({ from, to, sealedSecret, step, recoveryHashes }) =>
      allOrNothing(() => {
        if (!upgrade(from, to, sealedSecret)) return false
        if (!factors.insert(to.userId, { sealedSecret, step })) return false
        factors.replaceRecovery(to.userId, recoveryHashes)
        return true
      }),
    complete: ({ from, to, proof }) =>
      allOrNothing(() => factors.spend(to.userId, proof) && upgrade(from, to, null)),
    renewRecoveryCodes: ({ userId, proof, recoveryHashes }) =>
      allOrNothing(() => {
        if (!factors.spend(userId, proof)) return false
        factors.replaceRecovery(userId, recoveryHashes)
        return true
      }),
  }
}

const rollback = Symbol('rollback')

function prepareAdminSessions({ orm }: Database) {
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
  }
}
