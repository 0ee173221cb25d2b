import { join } from 'node:path'
import type { AuditEvent } from '@mianmi/core'
import type { Backup } from './backup.ts'
import { DatabaseOpenError } from './database-open-error.ts'
import { type MovedRows, moveTables, type OnProgress } from './move/move-tables.ts'
import { parsePostgresUrl } from './postgres/connection/url.ts'
import type { Restored } from './restore/restored.ts'
import { hasFile, requireFile } from './sqlite/open-error.ts'
import { openSqliteStore } from './sqlite/open-sqlite-store.ts'
import type { Store, StoreOptions } from './store.ts'

/*
 * The URL of a database is `file:PATH`, for SQLite, or `postgres://…`. The store of PostgreSQL is loaded when it is
 * opened: a service on SQLite does not wait for it.
 */

/** Whether many processes may use the database at the same time. */
export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:/i.test(url)

/** What is wrong with the form of a PostgreSQL URL, without its password; null for nothing. */
export function faultOfPostgresUrl(url: string): string | null {
  try {
    parsePostgresUrl(url)
    return null
  } catch (error) {
    if (error instanceof DatabaseOpenError) return error.message
    throw error
  }
}

/** The URL for a person to read: without the password. */
export const describeUrl = (url: string): string => url.replace(/(:\/\/[^:@/?#]*):[^@]*@/, '$1@')

/** The path of a SQLite file. */
export const pathOf = (url: string): string => url.slice('file:'.length)

/**
 * Opens the database, and brings its schema up to date. A SQLite file is created where there is none.
 *
 * @throws DatabaseOpenError
 * @example const store = await openStore('file:.data/mianmi.db', options)
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  if (isPostgresUrl(url)) {
    const { openPostgresStore } = await import('./postgres/open-postgres-store.ts')
    return openPostgresStore(url, options)
  }
  return openSqliteStore(pathOf(url), options)
}

/**
 * Whether there is a SQLite file. Whether a PostgreSQL database was used before is not known without a connection: its
 * keys say so when it is opened.
 *
 * @throws DatabaseOpenError where that cannot be found out
 */
export const hasDatabase = (url: string): boolean =>
  !isPostgresUrl(url) && pathOf(url) !== ':memory:' && hasFile(pathOf(url))

/** @throws DatabaseOpenError where there is no SQLite file: only the service creates one */
export function requireDatabase(url: string): void {
  if (!isPostgresUrl(url)) requireFile(pathOf(url))
}

/**
 * Copies a SQLite database while a service uses it. Writes wait until `done` has returned, unless `live` is set.
 *
 * @throws DatabaseOpenError for PostgreSQL; Error where the target exists, the database does not, or the copy is damaged;
 * then no file is left
 */
export async function backUpStore(
  url: string,
  { to, live }: { to: string; live: boolean },
  done: (backup: Backup) => void,
): Promise<void> {
  if (isPostgresUrl(url))
    throw new DatabaseOpenError(
      'DATABASE_URL names a PostgreSQL database, which this command cannot copy; use pg_dump, or the backups of your database service',
    )
  const { backUp } = await import('./sqlite/backup.ts')
  await backUp({ from: pathOf(url), to, live }, done)
}

/**
 * Puts a copy in place of a SQLite database that no process uses.
 *
 * @param options.migrations the folder `migrations`, with a folder for each kind of database
 * @param options.event a line for the audit log of the restored database
 * @throws RestoreError, DatabaseOpenError; then everything is as before
 */
export async function restoreStore(
  url: string,
  { from, migrations, event }: { from: string; migrations: string; event: AuditEvent },
): Promise<Restored> {
  const { restoreFile } = await import('./sqlite/restore.ts')
  return restoreFile({ from, to: pathOf(url), migrations: join(migrations, 'sqlite'), event })
}

/** Records in a SQLite database that its content was moved: no service starts on it any more. */
export async function markAsMoved(url: string): Promise<void> {
  const { markMoved } = await import('./sqlite/moved-mark.ts')
  markMoved(pathOf(url))
}

/**
 * Copies everything of a SQLite database into an empty PostgreSQL one, and compares the two before anything is committed.
 * No other process can use the SQLite database meanwhile.
 *
 * @param options.migrations the folder `migrations`, with a folder for each kind of database
 * @returns what each table has
 * @throws MoveError, DatabaseOpenError; then the target has no row
 */
export async function moveStore(
  from: string,
  to: string,
  { migrations, onProgress }: { migrations: string; onProgress: OnProgress },
): Promise<MovedRows[]> {
  const { openMoveSource } = await import('./sqlite/move/open-move-source.ts')
  const { moveInto } = await import('./postgres/move/move-into.ts')
  const source = openMoveSource(pathOf(from))
  try {
    return await moveInto(to, join(migrations, 'postgres'), (target) =>
      moveTables(source, target, onProgress),
    )
  } finally {
    source.close()
  }
}
