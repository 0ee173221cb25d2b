import type { OperatorSession, OperatorStore, UserRecord } from '@mianmi/core'
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { operatorSessions } from '../desk/schema.ts'
import { users } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'
import { prepareFactors } from './factors.ts'

const mine = eq(operatorSessions.hash, sql.placeholder('hash'))

/** Each verb that writes is one immediate transaction: what it checks still holds when it writes. */
export function createOperatorStore(database: Database): OperatorStore {
  const { write } = database
  const sessions = prepareOperatorSessions(database)
  const factors = prepareFactors(database)

  /** Trades a session of stage `first` for a full one; false where it is gone, traded or drafted anew. */
  const trade = (from: string, to: OperatorSession, drafted: string | null): boolean => {
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
      return found && { ...found, factor: factors.of(found.user.id) }
    },
    factorOf: async (userId) => factors.of(userId),
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

function prepareOperatorSessions({ orm }: Database) {
  const insert = orm
    .insert(operatorSessions)
    .values({
      hash: sql.placeholder('hash'),
      userId: sql.placeholder('userId'),
      stage: sql.placeholder('stage'),
      createdAt: sql.placeholder('createdAt'),
      lastSeenAt: sql.placeholder('lastSeenAt'),
      expiresAt: sql.placeholder('expiresAt'),
      passwordMark: sql.placeholder('passwordMark'),
    })
    .prepare()
  const { hash: key, expiresAt: time } = operatorSessions
  const sweep = prepareSweep({ orm }, operatorSessions, { key, time })
  const find = orm
    .select({ session: getTableColumns(operatorSessions), user: getTableColumns(users) })
    .from(operatorSessions)
    .innerJoin(users, eq(users.id, operatorSessions.userId))
    .where(mine)
    .prepare()
  const touch = orm
    .update(operatorSessions)
    .set({ lastSeenAt: sql`${sql.placeholder('now')}` })
    .where(mine)
    .prepare()
  const draft = orm
    .update(operatorSessions)
    .set({ pendingSecret: sql`${sql.placeholder('sealedSecret')}` })
    .where(mine)
    .prepare()
  const isFirst = and(mine, eq(operatorSessions.stage, 'first'))
  const drafted = sql`${operatorSessions.pendingSecret} is ${sql.placeholder('drafted')}`
  const takeDrafted = orm.delete(operatorSessions).where(and(isFirst, drafted)).prepare()
  const take = orm.delete(operatorSessions).where(isFirst).prepare()
  const end = orm.delete(operatorSessions).where(mine).prepare()
  return {
    insert: (session: OperatorSession): void => {
      sweep(session.createdAt)
      insert.run({ ...session })
    },
    find: (hash: string): { session: OperatorSession; user: UserRecord } | null =>
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
