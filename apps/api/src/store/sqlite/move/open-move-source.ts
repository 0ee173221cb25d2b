import Sqlite from 'better-sqlite3'
import { MoveError } from '../../move/move-error.ts'
import type { MovedTable, MoveSource, Row } from '../../move/moved-table.ts'
import { asOpenError } from '../open-error.ts'

/** How long to wait for a checkpoint of a service that has just ended, in ms. */
const busyTimeoutMs = 2_000

/**
 * Opens an up-to-date database so that no other process can open it until `close`. SQLite refuses that while another
 * process has the file open, even one that does nothing (SQLite, "PRAGMA locking_mode"; with a write-ahead log every
 * open connection holds a shared lock). So nothing is written after it was copied.
 *
 * @throws MoveError while a service runs, DatabaseOpenError
 */
export function openMoveSource(path: string): MoveSource & { close(): void } {
  const sqlite = new Sqlite(path, { fileMustExist: true, timeout: busyTimeoutMs })
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE')
    sqlite.exec('begin immediate')
    return {
      tables: readTables(sqlite),
      rows: ({ name, columns, key }: MovedTable) =>
        sqlite
          .prepare<[], Row>(`select ${quote(columns)} from ${quote([name])} order by ${quote(key)}`)
          .raw()
          .iterate() as Iterable<Row>,
      close: () => {
        sqlite.exec('rollback')
        sqlite.close()
      },
    }
  } catch (error) {
    sqlite.close()
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY'))
      throw new MoveError('another process uses the SQLite database; stop the service first')
    throw asOpenError(path, error)
  }
}

/** Tables that triggers of PostgreSQL fill from the moved ones. */
const derived = "'nickname_suffixes', 'nickname_fill'"

/** The tables of the store: not those of SQLite and of the migrator. */
function readTables(sqlite: Sqlite.Database): Map<string, string[]> {
  const rows = sqlite
    .prepare<[], { table: string; column: string }>(
      `select t.name as "table", c.name as "column" from sqlite_master t, pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' and t.name not in ('__drizzle_migrations', ${derived})
       order by t.name, c.cid`,
    )
    .all()
  const tables = new Map<string, string[]>()
  for (const { table, column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
  return tables
}

const quote = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
