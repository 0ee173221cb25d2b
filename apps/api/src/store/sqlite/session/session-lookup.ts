import type { SignedInCaller } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { sessions, users } from '../schema.ts'

/** A row of the lookup, in the order of its columns. */
export type SessionRow = [
  ...UserColumns,
  appId: string,
  userId: string,
  createdAt: number,
  expiresAt: number,
]

/** The columns of the lookup, to be read by `toCaller`. */
export const sessionColumns = {
  ...userColumns,
  appId: sessions.appId,
  userId: sessions.userId,
  createdAt: sessions.createdAt,
  expiresAt: sessions.expiresAt,
}

/**
 * Finds a session and its user in one read. Every call of a signed-in user starts with it. Reading one column costs
 * as much as finding the row, so it selects only columns that each call needs.
 */
export function prepareSessionLookup({
  orm,
  sqlite,
  snapshot,
}: Pick<Database, 'orm' | 'sqlite' | 'snapshot'>) {
  const lookup = compileStatement<SessionRow>(
    sqlite,
    orm
      .select(sessionColumns)
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.id, sql.placeholder('id'))),
  )
  return (id: string): SignedInCaller | null => {
    snapshot.join()
    const row = lookup.get({ id })
    return row === undefined ? null : toCaller(id, row)
  }
}

export function toCaller(id: string, row: readonly [...SessionRow, ...unknown[]]): SignedInCaller {
  const userId = row[8]
  return {
    session: { id, appId: row[7], userId, createdAt: row[9], expiresAt: row[10] },
    user: toUser(userId, row),
  }
}
