import type { Backup } from './backup.ts'
import { hasFile, requireFile } from './sqlite/open-error.ts'
import type { Store, StoreOptions } from './store.ts'

/** @param url as `readDatabaseUrl` returns it */
export const pathOf = (url: string): string => url.slice('file:'.length)

/**
 * Opens the database, and brings its schema up to date. A SQLite file is created where there is none.
 *
 * @param url as `readDatabaseUrl` returns it
 * @throws DatabaseOpenError
 * @example const store = await openStore('file:.data/mianmi.db', options)
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const { openSqliteStore } = await import('./sqlite/open-sqlite-store.ts')
  return openSqliteStore(pathOf(url), options)
}

/** Whether there is a database at a URL. @throws DatabaseOpenError where that cannot be found out */
export const hasDatabase = (url: string): boolean =>
  pathOf(url) !== ':memory:' && hasFile(pathOf(url))

/** @throws DatabaseOpenError where there is no database: only the service creates one */
export const requireDatabase = (url: string): void => requireFile(pathOf(url))

/**
 * Copies a SQLite database while a service uses it. Writes wait until `done` has returned, unless `live` is set.
 *
 * @throws Error where the target exists, the database does not, or the copy is damaged; then no file is left
 */
export async function backUpStore(
  url: string,
  { to, live }: { to: string; live: boolean },
  done: (backup: Backup) => void,
): Promise<void> {
  const { backUp } = await import('./sqlite/backup.ts')
  await backUp({ from: pathOf(url), to, live }, done)
}
