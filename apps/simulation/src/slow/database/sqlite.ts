import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type Database, type Snapshot, statements } from './database.ts'

/** @param folder where the file is made by the node that starts first */
export function sqliteDatabase(folder: string): Database {
  const file = join(folder, 'mianmi.db')
  let connection: Sqlite.Database | null = null
  return {
    url: `file:${file}`,
    forgetsCodes: true,
    async read() {
      connection ??= new Sqlite(file, { readonly: true })
      const open = connection
      const readAll = open.transaction(() =>
        Object.entries(statements).map(([name, statement]) => [
          name,
          open.prepare(statement).all(),
        ]),
      )
      return Object.fromEntries(readAll()) as Snapshot
    },
    async close() {
      connection?.close()
    },
  }
}
