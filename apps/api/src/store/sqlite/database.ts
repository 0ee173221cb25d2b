import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { PhoneSealer } from '../../tokens/phone-sealer.ts'
import { createRemovedSubjects } from '../audit/removed-subjects.ts'
import { createCheckpoints, maxLogPages, noCheckpoints } from './checkpoints.ts'
import { createCommitState } from './commit-state.ts'
import { watchFile } from './file-identity.ts'
import { createGroupCommit } from './group-commit.ts'
import { createObservedClock } from './observed-clock.ts'
import { asOpenError, hasFile, openError } from './open-error.ts'
import { originOf } from './origin.ts'
import { createSnapshot } from './snapshot.ts'
import { createEventBuffer } from './webhooks/event-buffer.ts'

/**
 * How long a start or an end of the process waits for another process's write, in ms. The writes between them do
 * not block.
 */
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
    // Switching to WAL needs exclusive access for a moment, and SQLite fails at once instead of waiting for it.
    const unlock = path === ':memory:' ? () => {} : lockMigrations(path)
    try {
      return { ...openFile(path, migrationsFolder), phones }
    } finally {
      unlock()
    }
  } catch (error) {
    throw asOpenError(path, error)
  }
}

/** Creates the folder of the file. @throws DatabaseOpenError */
function prepareFolder(path: string): void {
  if (hasFile(path)) return
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw openError(path, `its folder cannot be created (${code})`)
  }
}

function openFile(path: string, migrationsFolder: string) {
  const sqlite = new Sqlite(path, { timeout: migrationWaitMs })
  requireOwn(sqlite, migrationsFolder)
  sqlite.pragma('journal_mode = WAL')
  // An acknowledged sign-in must survive a power failure. better-sqlite3 opens WAL with NORMAL, which may lose the
  // last commits.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma(`wal_autocheckpoint = ${maxLogPages}`)
  // 24 MiB (a negative value is in KiB), allocated as pages are read. SQLite's default of 2 MB made a look-up among
  // a million users a third slower.
  sqlite.pragma('cache_size = -24576')
  // Overwrites deleted data instead of only unlinking its pages.
  sqlite.pragma('secure_delete = ON')
  const orm = drizzle(sqlite)
  // Dropping a table during its rebuild would delete the rows that refer to it.
  sqlite.pragma('foreign_keys = OFF')
  migrate(orm, { migrationsFolder })
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma(`busy_timeout = ${busyTimeoutMs}`)
  const snapshot = createSnapshot(sqlite)
  const checkpoints = path === ':memory:' ? noCheckpoints : createCheckpoints(path)
  const commits = createCommitState()
  const outbox = createEventBuffer(sqlite)
  const onCommit = (writes: number): void => {
    commits.succeeded()
    checkpoints.committed(writes)
    outbox.committed()
  }
  return {
    sqlite,
    orm,
    snapshot,
    checkpoints,
    removedSubjects: createRemovedSubjects(),
    clock: createObservedClock(sqlite),
    outbox,
    commits,
    /** Throws where the file at `path` is not the open one any more. */
    checkFile: path === ':memory:' ? () => {} : watchFile(path),
    /** The clock of the events, in ms since the epoch. */
    now: Date.now,
    ...createGroupCommit(sqlite, snapshot, { outbox, onCommit, onFailure: commits.failed }),
    close: (): void => void sqlite.close(),
  }
}

/** Migrations would add tables to a database of another program. @throws DatabaseOpenError */
function requireOwn(sqlite: Sqlite.Database, migrationsFolder: string): void {
  if (originOf(sqlite, migrationsFolder) === 'foreign')
    throw openError(sqlite.name, 'it is a database of another program')
}

/**
 * Serializes starts, because Drizzle's migrator takes no lock. The empty file stays, because another process may wait for
 * its lock. The system releases this lock when the process dies.
 */
export function lockMigrations(path: string): () => void {
  const lock = new Sqlite(`${path}.migrating`, { timeout: migrationWaitMs })
  lock.exec('BEGIN EXCLUSIVE')
  return () => lock.close()
}
