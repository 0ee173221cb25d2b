import { maxSessions, type NewSession, type SessionStore } from '@mianmi/core'
import { and, desc, eq, gt, ne, notInArray, sql } from 'drizzle-orm'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { identities, sessions } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'
import { prepareCallers } from './callers.ts'
import { prepareRefresh } from './refresh.ts'
import { prepareSessionLookup } from './session-lookup.ts'

const ofUser = eq(sessions.userId, sql.placeholder('userId'))

const { id, userId, appId, device, createdAt, lastSeenAt, expiresAt } = sessions
const summary = { id, userId, appId, device, createdAt, lastSeenAt, expiresAt }

export function createSessionStore(database: Database): SessionStore {
  const { orm, write, snapshot } = database
  const find = prepareSessionLookup(database)
  const findRecord = orm
    .select()
    .from(sessions)
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare()
  const list = orm
    .select(summary)
    .from(sessions)
    .where(and(ofUser, gt(sessions.expiresAt, sql.placeholder('now'))))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(maxSessions)
    .prepare()
  const refresh = prepareRefresh(database)
  const end = orm
    .delete(sessions)
    .where(and(eq(sessions.id, sql.placeholder('id')), ofUser))
    .prepare()
  const { endOthers } = prepareSessions(database)
  const refuse = prepareCallers(database)
  return {
    find: async (id) => find(id),
    findRecord: async (id) => {
      // The state that this turn shares may be from before a refresh that another process has answered.
      snapshot.leave()
      return findRecord.get({ id }) ?? null
    },
    list: async (userId, now) => list.all({ userId, now }),
    refresh: async (request) => write(() => refresh(request)),
    end: async ({ id, userId }) => write(() => end.run({ id, userId }).changes === 1),
    revoke: async ({ caller, sessionId: id }) =>
      write(() => refuse(caller) ?? end.run({ id, userId: caller.userId }).changes === 1),
    endOthers: async (caller) =>
      write(() => refuse(caller) ?? endOthers(caller.userId, caller.sessionId)),
  }
}

/** The statements on sessions that other stores use inside their transactions. */
export function prepareSessions({
  orm,
  sqlite,
  clock,
}: Pick<Database, 'orm' | 'sqlite' | 'clock'>) {
  const insert = compileStatement(
    sqlite,
    orm.insert(sessions).values({
      id: sql.placeholder('id'),
      userId: sql.placeholder('userId'),
      appId: sql.placeholder('appId'),
      device: sql.placeholder('device'),
      createdAt: sql.placeholder('createdAt'),
      lastSeenAt: sql.placeholder('createdAt'),
      rotatedAt: sql.placeholder('createdAt'),
      expiresAt: sql.placeholder('expiresAt'),
      secret: sql.placeholder('secret'),
    }),
  )
  const { id: key, expiresAt: time } = sessions
  const sweep = prepareSweep({ orm }, sessions, { key, time })
  const others = and(ofUser, ne(sessions.id, sql.placeholder('keep')))
  const endOthers = orm.delete(sessions).where(others).prepare()
  const endOthersInApp = orm
    .delete(sessions)
    .where(and(others, eq(sessions.appId, sql.placeholder('appId'))))
    .prepare()
  const identified = orm
    .select({ appId: identities.appId })
    .from(identities)
    .where(eq(identities.userId, sql.placeholder('userId')))
  const endUnidentified = orm
    .delete(sessions)
    .where(and(ofUser, notInArray(sessions.appId, identified)))
    .prepare()
  const endExcess = prepareEndOfExcess({ orm, sqlite })
  return {
    open: (session: NewSession, userId: string): void => {
      // A clock that is ahead for a while signs no user out for good.
      sweep(clock.observe(session.createdAt).earliest)
      insert.run({ ...session, userId })
      endExcess({ userId, newest: session.id, now: session.createdAt })
    },
    endOthers: (userId: string, keep: string): number => endOthers.run({ userId, keep }).changes,
    /** Ends the sessions in each app where the user has no identity. */
    endUnidentified: (userId: string): void => void endUnidentified.run({ userId }),
    /** Ends all sessions of the app when `keep` is null. */
    endOthersInApp: (userId: string, keep: string | null, appId: string): void =>
      void endOthersInApp.run({ userId, keep: keep ?? '', appId }),
  }
}

/** Ends the sessions of a user that are too many, except the newest one. */
function prepareEndOfExcess({ orm, sqlite }: Pick<Database, 'orm' | 'sqlite'>) {
  // Reads the index only, and for nearly every user a few entries of it.
  const excess = compileStatement<[id: string]>(
    sqlite,
    orm.select({ id: sessions.id }).from(sessions).where(ofUser).limit(1).offset(maxSessions),
  )
  const now = sql.placeholder('now')
  const seenAt = sql`case when ${sessions.lastSeenAt} <= ${now} then ${sessions.lastSeenAt}
    when ${sessions.createdAt} <= ${now} then ${sessions.createdAt} else 0 end`
  const kept = sql`select ${sessions.id} from ${sessions}
    where ${ofUser} and ${sessions.id} <> ${sql.placeholder('newest')}
    order by ${seenAt} desc, ${sessions.createdAt} desc, ${sessions.id} desc limit ${maxSessions - 1}`
  const endOthers = orm
    .delete(sessions)
    .where(
      and(ofUser, ne(sessions.id, sql.placeholder('newest')), sql`${sessions.id} not in (${kept})`),
    )
    .prepare()
  return (which: { userId: string; newest: string; now: number }): void => {
    if (excess.get(which) !== undefined) endOthers.run(which)
  }
}
