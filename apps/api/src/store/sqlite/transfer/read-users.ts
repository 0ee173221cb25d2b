import type { ExportedUser, ExportRequest } from '@mianmi/core/transfer'
import Sqlite from 'better-sqlite3'
import type { Database } from '../database.ts'
import { prepareUserReads } from './user-reads.ts'

/**
 * All users, in one read transaction over a connection of its own: the transaction lasts as long as the reader takes, and
 * the calls of this process must see what is written meanwhile. In WAL mode it blocks no writer, but the log cannot be
 * reused until it ends.
 */
export async function* readUsers(
  { sqlite, phones }: Pick<Database, 'sqlite' | 'phones'>,
  request: ExportRequest,
): AsyncGenerator<ExportedUser[]> {
  const reader = openReader(sqlite)
  try {
    // Deferred: the first read of a page takes the snapshot.
    reader.exec('begin')
    const { page } = prepareUserReads({ sqlite: reader, phones })
    let users = page('', request)
    for (let last = users.at(-1); last !== undefined; last = users.at(-1)) {
      yield users
      users = page(last.id, request)
    }
  } finally {
    reader.close()
  }
}

/** No second connection reaches a database in memory, so it is copied. */
const openReader = (sqlite: Database['sqlite']): Sqlite.Database =>
  sqlite.memory
    ? new Sqlite(sqlite.serialize())
    : new Sqlite(sqlite.name, { readonly: true, fileMustExist: true })
