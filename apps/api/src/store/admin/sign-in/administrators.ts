import type { UserRecord } from '@mianmi/core'
import type { AdministratorStore, AdminSession } from '@mianmi/core/admin'
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import { users } from '../../schema.ts'
import { prepareSweep } from '../../sweep.ts'
import { adminSessions } from '../schema.ts'
import { prepareFactors } from './factors.ts'

const mine = eq(adminSessions.hash, sql.placeholder('hash'))

/** Each verb that writes is one immediate transaction: what it checks still holds when it writes. */
export function createAdministratorStore(database: Database): AdministratorStore {
  const { write } = database
  const sessions = prepareAdminSessions(database)
  const factors = prepareFactors(database)

  /** Trades a session of the first factor for a full one; false where it is gone, traded or drafted anew. */
  const trade = (from: string, to: AdminSession, drafted: string | null): boolean => {
    if (!sessions.takeFirst(from, drafted)) return false
    sessions.insert(to)
    return true
  }
  /** Does all of it or, by throwing, nothing. */
  const wholly = (steps: () => boolean): Promise<boolean> =>
    write(() => {
      if (!steps()) throw notDone
      return true
    }).catch((error: unknown) => {
      if (error === notDone) return false
      throw error
    })
  return {
    open: (session) => write(() => sessions.insert(session)),
    find: async (hash) => {
      const found = sessions.find(hash)
      return found && { ...found, secondFactor: factors.of(found.user.id) }
    },
    secondFactorOf: async (userId) => factors.of(userId),
    touch: (hash, now) => write(() => sessions.touch(hash, now)),
    end: (hash) => write(() => sessions.end(hash)),
    draftSecret: (hash, sealedSecret) => write(() => sessions.draft(hash, sealedSecret)),
    enrol: ({ from, to, sealedSecret, step, recoveryHashes }) =>
      wholly(() => {
        if (!trade(from, to, sealedSecret)) return false
        if (!factors.insert(to.userId, { sealedSecret, step })) return false
        factors.replaceRecovery(to.userId, recoveryHashes)
        return true
      }),
    complete: ({ from, to, proof }) =>
      wholly(() => factors.spend(to.userId, proof) && trade(from, to, null)),
    renewRecoveryCodes: ({ userId, proof, recoveryHashes }) =>
      wholly(() => {
        if (!factors.spend(userId, proof)) return false
        factors.replaceRecovery(userId, recoveryHashes)
        return true
      }),
  }
}

const notDone = Symbol('not done')

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
    .where(mine)
    .prepare()
  const touch = orm
    .update(adminSessions)
    .set({ lastSeenAt: sql`${sql.placeholder('now')}` })
    .where(mine)
    .prepare()
  const draft = orm
    .update(adminSessions)
    .set({ pendingSecret: sql`${sql.placeholder('sealedSecret')}` })
    .where(mine)
    .prepare()
  const isFirst = and(mine, eq(adminSessions.factor, 'first'))
  const drafted = sql`${adminSessions.pendingSecret} is ${sql.placeholder('drafted')}`
  const takeDrafted = orm.delete(adminSessions).where(and(isFirst, drafted)).prepare()
  const take = orm.delete(adminSessions).where(isFirst).prepare()
  const end = orm.delete(adminSessions).where(mine).prepare()
  return {
    insert: (session: AdminSession): void => {
      sweep(session.createdAt)
      insert.run({ ...session })
    },
    find: (hash: string): { session: AdminSession; user: UserRecord } | null =>
      find.get({ hash }) ?? null,
    touch: (hash: string, now: number): void => void touch.run({ hash, now }),
    draft: (hash: string, sealedSecret: string): void => void draft.run({ hash, sealedSecret }),
    /** @param drafted the secret that has to stand in it still; null where any may */
    takeFirst: (hash: string, secret: string | null): boolean =>
      (secret === null ? take.run({ hash }) : takeDrafted.run({ hash, drafted: secret }))
        .changes === 1,
    end: (hash: string): void => void end.run({ hash }),
  }
}
