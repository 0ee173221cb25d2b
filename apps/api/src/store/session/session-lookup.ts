import type { Role, SignedInCaller } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { sessions, users } from '../schema.ts'

/** A row of the lookup, in the order in which it selects. */
type Row = [
  appId: string,
  userId: string,
  device: string | null,
  createdAt: number,
  lastSeenAt: number,
  expiresAt: number,
  counter: number,
  rotatedAt: number,
  account: string | null,
  passwordHash: string | null,
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
 */
export function prepareSessionLookup({ orm, sqlite }: Pick<Database, 'orm' | 'sqlite'>) {
  const query = orm
    .select({
      appId: sessions.appId,
      userId: sessions.userId,
      device: sessions.device,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      counter: sessions.counter,
      rotatedAt: sessions.rotatedAt,
      account: users.account,
      passwordHash: users.passwordHash,
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
    const row = statement.get(id)
    return row === undefined ? null : toCaller(id, row)
  }
}

function toCaller(id: string, row: Row): SignedInCaller {
  return {
    session: {
      id,
      appId: row[0],
      userId: row[1],
      device: row[2],
      createdAt: row[3],
      lastSeenAt: row[4],
      expiresAt: row[5],
      counter: row[6],
      rotatedAt: row[7],
    },
    user: {
      id: row[1],
      account: row[8],
      passwordHash: row[9],
      phone: row[10],
      nickname: row[11],
      avatarUrl: row[12],
      role: row[13],
      disabledAt: row[14],
      createdAt: row[15],
    },
  }
}
