import type { NewSession, SessionStore } from '@mianmi/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { sessions, users } from './schema.ts'

/** How many expired rows a new one takes away with it: the table shrinks as fast as it grows. */
export const sweepSize = 20

export function createSessionStore({ orm, write }: Database): SessionStore {
  const find = orm
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare()
  const advance = orm
    .update(sessions)
    .set({
      counter: sql`${sessions.counter} + 1`,
      rotatedAt: sql`${sql.placeholder('now')}`,
      lastSeenAt: sql`${sql.placeholder('now')}`,
      expiresAt: sql`${sql.placeholder('expiresAt')}`,
    })
    .where(
      and(
        eq(sessions.id, sql.placeholder('sessionId')),
        eq(sessions.counter, sql.placeholder('from')),
      ),
    )
    .prepare()
  const end = orm
    .delete(sessions)
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare()
  return {
    find: async (id) => find.get({ id }) ?? null,
    advance: async (step) => write(() => advance.run({ ...step }).changes === 1),
    end: async (id) => write(() => end.run({ id }).changes === 1),
  }
}

/** Inserts a session for a user; to be called inside a transaction of whoever decided that it may open. */
export function prepareOpenSession({ orm }: Database) {
  const insert = orm
    .insert(sessions)
    .values({
      id: sql.placeholder('id'),
      userId: sql.placeholder('userId'),
      appId: sql.placeholder('appId'),
      device: sql.placeholder('device'),
      createdAt: sql.placeholder('createdAt'),
      lastSeenAt: sql.placeholder('createdAt'),
      rotatedAt: sql.placeholder('createdAt'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare()
  const sweep = orm
    .delete(sessions)
    .where(
      sql`${sessions.id} in (select id from sessions where expires_at <= ${sql.placeholder('now')} limit ${sweepSize})`,
    )
    .prepare()
  return (session: NewSession, userId: string): void => {
    sweep.run({ now: session.createdAt })
    insert.run({ ...session, userId })
  }
}
