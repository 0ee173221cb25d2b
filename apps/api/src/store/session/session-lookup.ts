import type { Role, SignedInCaller } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { sessions, users } from '../schema.ts'

/** A row of the lookup, in the order in which it selects. */
type Row = [
  appId: string,
  userId: string,
  createdAt: number,
  expiresAt: number,
  account: string | null,
  phone: string | null,
  nickname: string | null,
  avatarUrl: string | null,
  role: Role,
  disabledAt: number | null,
  userCreatedAt: number,
]

/**
 * A session with its user, by one read. Every call of somebody signed in begins with it, so the row is
 * taken apart by hand: Drizzle writes the query, and reading a row through it costs more than SQLite does.
 * A column costs as much as finding the row: there is none that no call needs.
 */
export function prepareSessionLookup({
  orm,
  sqlite,
  snapshot,
}: Pick<Database, 'orm' | 'sqlite' | 'snapshot'>) {
  const query = orm
    .select({
      appId: sessions.appId,
      userId: sessions.userId,
      createdAt: sessions.createdAt,
      expiresAt: sessions.expiresAt,
      account: users.account,
      phone: users.phone,
      nickname: users.nickname,
      avatarUrl: users.avatarUrl,
      role: users.role,
      disabledAt: users.disabledAt,
      userCreatedAt: users.createdAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder('id')))
    .toSQL()
  const statement = sqlite.prepare<[string], Row>(query.sql).raw()
  return (id: string): SignedInCaller | null => {
    snapshot.join()
    const row = statement.get(id)
    return row === undefined ? null : toCaller(id, row)
  }
}

function toCaller(id: string, row: Row): SignedInCaller {
  return {
    session: { id, appId: row[0], userId: row[1], createdAt: row[2], expiresAt: row[3] },
    user: {
      id: row[1],
      account: row[4],
      phone: row[5],
      nickname: row[6],
      avatarUrl: row[7],
      role: row[8],
      disabledAt: row[9],
      createdAt: row[10],
    },
  }
}
