import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { PhoneSealer } from '../tokens/phone-sealer.ts'
import { createCheckpoints, mostLogPages, noCheckpoints } from './checkpoints.ts'
import { createWriter } from './group-commit.ts'
import { asOpenError, DatabaseOpenError } from './open-error.ts'
import { createSnapshot } from './snapshot.ts'

/** How long starts and ends wait for another process's write, in ms; the writes between them do not block. */
const busyTimeoutMs = 250
/** How long a start waits for another start that is migrating, in ms. */
const migrationWaitMs = 30_000

export type Database = ReturnType<typeof openDatabase>

/**
 * Opens the database and brings its schema up to date. Creates the file where there is none. `path` may be `:memory:`.
 *
 * @throws DatabaseOpenError
 */
export function openDatabase(path: string, migrationsFolder: string, phones: PhoneSealer) {
  if (path !== ':memory:') prepareFolder(path)
  try {
    // Turning WAL on needs a moment alone with the file, which SQLite refuses rather than waits for.
    const unlock = path === ':memory:' ? () => {} : lockFor(path)
    try {
      return { ...open(path, migrationsFolder), phones }
    } finally {
      unlock()
    }
  } catch (error) {
    throw asOpenError(path, error)
  }
}

function prepareFolder(path: string): void {
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isBelowFile = code === 'ENOTDIR' || code === 'EEXIST'
    throw new DatabaseOpenError(
      path,
      isBelowFile ? `${resolve(folder)} is below a file` : `its folder cannot be created (${code})`,
    )
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new DatabaseOpenError(path, 'it is a folder')
}

function open(path: string, migrationsFolder: string) {
  const sqlite = new Sqlite(path, { timeout: migrationWaitMs })
  sqlite.pragma('journal_mode = WAL')
  // An acknowledged sign-in must survive a power cut; WAL opens with NORMAL, which may lose the last ones.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma(`wal_autocheckpoint = ${mostLogPages}`)
  // In KiB, and taken only as pages are read. SQLite's own 2 MB cost a lookup among a million users a third.
  sqlite.pragma('cache_size = -24576')
  // Deleted personal data is overwritten, not only unlinked.
  sqlite.pragma('secure_delete = ON')
  const orm = drizzle(sqlite)
  // Dropping a table that is being rebuilt would take along what refers to its rows.
  sqlite.pragma('foreign_keys = OFF')
  migrate(orm, { migrationsFolder })
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma(`busy_timeout = ${busyTimeoutMs}`)
  const snapshot = createSnapshot(sqlite)
  const checkpoints = path === ':memory:' ? noCheckpoints : createCheckpoints(path)
  return {
    sqlite,
    orm,
    snapshot,
    checkpoints,
    ...createWriter(sqlite, snapshot, checkpoints.committed),
    close: (): void => void sqlite.close(),
  }
}

/** One start at a time: Drizzle's migrator takes no lock. The system frees this one if we die. */
function lockFor(path: string): () => void {
  const lock = new Sqlite(`${path}.migrating`, { timeout: migrationWaitMs })
  lock.exec('BEGIN EXCLUSIVE')
  return () => lock.close()
}
