import { maxSessions, type NewSession, type SessionStore } from '@mianmi/core'
import { and, desc, eq, gt, ne, notInArray, sql } from 'drizzle-orm'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { oncePerDatabase } from '../once-per-database.ts'
import { identities, sessions } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'
import { prepareOutbox } from '../webhooks/outbox.ts'
import { prepareCallers } from './callers.ts'
import { prepareRefresh } from './refresh.ts'
import { prepareSessionLookup } from './session-lookup.ts'

const ofUser = eq(sessions.userId, sql.placeholder('userId'))

const { id, userId, appId, device, createdAt, lastSeenAt, expiresAt } = sessions
const summary = { id, userId, appId, device, createdAt, lastSeenAt, expiresAt }
const ended = { id, userId, appId, expiresAt }

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
  const { endOne, endOthers } = prepareSessions(database)
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
    end: async ({ id, userId }) => write(() => endOne(userId, id)),
    revoke: async ({ caller, sessionId: id }) =>
      write(() => refuse(caller) ?? endOne(caller.userId, id)),
    endOthers: async (caller) =>
      write(() => refuse(caller) ?? endOthers(caller.userId, caller.sessionId)),
  }
}

/** The statements on sessions that other stores use inside their transactions. */
export const prepareSessions = oncePerDatabase(prepareSessionStatements)

function prepareSessionStatements(
  database: Pick<Database, 'orm' | 'sqlite' | 'clock' | 'outbox' | 'now'>,
) {
  const { orm, sqlite, clock } = database
  const { emitEnded } = prepareOutbox(database)
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
  const endOthers = orm.delete(sessions).where(others).returning(ended).prepare()
  const endOne = orm
    .delete(sessions)
    .where(and(eq(sessions.id, sql.placeholder('id')), ofUser))
    .returning(ended)
    .prepare()
  const endOthersInApp = orm
    .delete(sessions)
    .where(and(others, eq(sessions.appId, sql.placeholder('appId'))))
    .returning(ended)
    .prepare()
  const identified = orm
    .select({ appId: identities.appId })
    .from(identities)
    .where(eq(identities.userId, sql.placeholder('userId')))
  const endUnidentified = orm
    .delete(sessions)
    .where(and(ofUser, notInArray(sessions.appId, identified)))
    .returning(ended)
    .prepare()
  const endExcess = prepareEndOfExcess(database)
  return {
    open: (session: NewSession, userId: string): void => {
      // A clock that is ahead for a while signs no user out for good.
      sweep(clock.observe(session.createdAt).earliest)
      insert.run({ ...session, userId })
      endExcess({ userId, newest: session.id, now: session.createdAt })
    },
    /** True where there was one. */
    endOne: (userId: string, id: string): boolean => emitEnded(endOne.all({ userId, id })) === 1,
    endOthers: (userId: string, keep: string): number => emitEnded(endOthers.all({ userId, keep })),
    /** Ends the sessions in each app where the user has no identity. */
    endUnidentified: (userId: string): void => void emitEnded(endUnidentified.all({ userId })),
    /** Ends all sessions of the app when `keep` is null. */
    endOthersInApp: (userId: string, keep: string | null, appId: string): void =>
      void emitEnded(endOthersInApp.all({ userId, keep: keep ?? '', appId })),
  }
}

/** Ends the sessions of a user that are too many, except the newest one. */
function prepareEndOfExcess(database: Pick<Database, 'orm' | 'sqlite' | 'outbox' | 'now'>) {
  const { orm, sqlite } = database
  const { emitEnded } = prepareOutbox(database)
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
    .returning(ended)
    .prepare()
  return (which: { userId: string; newest: string; now: number }): void => {
    if (excess.get(which) !== undefined) emitEnded(endOthers.all(which))
  }
}
