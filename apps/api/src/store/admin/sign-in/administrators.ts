import type { UserRecord } from '@mianmi/core'
import type { AdministratorStore, AdminSession } from '@mianmi/core/admin'
import { and, eq, getTableColumns, ne, sql } from 'drizzle-orm'
import { prepareSetPassword, prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'
import { prepareSweep } from '../../sweep.ts'
import { adminSessions } from '../schema.ts'
import { prepareEnrolments } from './enrolments.ts'
import { prepareFactors } from './factors.ts'
import { prepareKnownBrowsers } from './known-browsers.ts'
import { allOr, refuse } from './refusable.ts'

const hasHash = eq(adminSessions.hash, sql.placeholder('hash'))

/** Each verb that writes is one immediate transaction, so what it checks still holds when it writes. */
export function createAdministratorStore(database: Database): AdministratorStore {
  const { write } = database
  const sessions = prepareAdminSessions(database)
  const factors = prepareFactors(database)
  const enrolments = prepareEnrolments(database)
  const browsers = prepareKnownBrowsers(database)
  const users = prepareUsers(database)
  const setPassword = prepareSetPassword(database)

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
  const allOrNothing = async (steps: () => boolean): Promise<boolean> =>
    (await allOr(database, () => (steps() ? true : refuse(false)))) === true
  return {
    open: (session) => write(() => sessions.insert(session)),
    find: async (hash) => {
      const row = sessions.find(hash)
      return row && { ...row, secondFactor: factors.of(row.user.id) }
    },
    secondFactorOf: async (userId) => factors.of(userId),
    touch: (hash, now) => write(() => sessions.touch(hash, now)),
    end: (hash) => write(() => sessions.end(hash)),
    knowsBrowser: async (browser) => browsers.has(browser),
    draftSecret: ({ hash, sealedSecret, enrolmentHash, now }) =>
      write(() => {
        const userId = sessions.find(hash)?.session.userId
        if (userId === undefined || enrolments.valid(userId, now) !== enrolmentHash) return false
        sessions.draft(hash, sealedSecret)
        return true
      }),
    enrol: ({ from, to, sealedSecret, step, recoveryHashes, browser, now }) =>
      allOrNothing(() => {
        const { userId } = to
        if (!upgrade(from, to, sealedSecret)) return false
        if (enrolments.valid(userId, now) === null) return false
        if (!factors.insert(userId, { sealedSecret, step })) return false
        factors.replaceRecovery(userId, recoveryHashes)
        enrolments.remove(userId)
        browsers.add(userId, browser)
        return true
      }),
    complete: ({ from, to, proof, browser }) =>
      allOrNothing(() => {
        if (!factors.spend(to.userId, proof) || !upgrade(from, to, null)) return false
        browsers.add(to.userId, browser)
        return true
      }),
    renewRecoveryCodes: ({ userId, proof, recoveryHashes }) =>
      allOrNothing(() => {
        if (!factors.spend(userId, proof)) return false
        factors.replaceRecovery(userId, recoveryHashes)
        return true
      }),
    changePassword: ({ userId, from, to, proof, session, browser }) =>
      allOr(database, () => {
        if (!factors.spend(userId, proof)) return refuse('proof_rejected')
        if (!sessions.renew(session)) return refuse('proof_rejected')
        if (users.byId(userId)?.passwordHash !== from) return refuse('outdated')
        setPassword(userId, to)
        sessions.endOthers(userId, session.hash)
        browsers.forget(userId)
        browsers.add(userId, browser)
        return 'changed'
      }),
  }
}

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
    /** Whether the session still existed. */
    renew: (session: Pick<AdminSession, 'hash' | 'passwordFingerprint'>): boolean =>
      renew.run({ ...session }).changes === 1,
  }
}
