import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import type { AuditEvent } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import { writeInboxLine } from '../audit/inbox-line.ts'
import { RestoreError } from '../restore/restore-error.ts'
import type { Restored } from '../restore/restored.ts'
import { checkCopy, syncToDisk } from './backup.ts'
import { lockMigrations } from './database.ts'
import { clearMark } from './moved-mark.ts'
import { asOpenError, faultOf, hasFile, openError } from './open-error.ts'
import { originOf } from './origin.ts'

/** How long to wait for a service that has just ended, in ms. */
const busyTimeoutMs = 2_000

/** What SQLite has beside a database. */
const logs = ['-journal', '-wal', '-shm']

interface RestoreOptions {
  /** The copy. It is not changed. */
  readonly from: string
  /** The path of the database. There may be none. */
  readonly to: string
  /** The folder of SQLite's migrations. */
  readonly migrations: string
  /** A line for the audit log of the restored database. */
  readonly event: AuditEvent
}

/**
 * Puts a copy in place of a database that no process uses, and keeps what was there under another name. The copy is checked
 * before, and no file of the earlier database is left beside it. No service starts meanwhile.
 *
 * @throws RestoreError while a process uses the database, and for a copy that is damaged or none of mianmi, DatabaseOpenError;
 * then everything is as before
 */
export async function restoreFile(options: RestoreOptions): Promise<Restored> {
  const { from } = options
  // The file itself, where the path is a link to it.
  const to = hasFile(options.to) ? realpathSync(options.to) : options.to
  requireCopy(from)
  const owner = ownerOf(to)
  // A service locks the path that it is given.
  const unlock = lock(options.to)
  const unfinished = `${to}.${process.pid}.unfinished`
  try {
    requireUnused(to)
    removeUnfinished(to)
    await copy(from, unfinished)
    const { isNewer } = prepare(unfinished, options)
    giveTo(owner, unfinished)
    syncToDisk(unfinished)
    const replaced = replace(to, unfinished)
    syncToDisk(dirname(resolve(to)))
    return { path: resolve(to), bytes: statSync(to).size, replaced, isNewer }
  } finally {
    for (const suffix of ['', ...logs]) rmSync(unfinished + suffix, { force: true })
    unlock()
    giveTo(owner, `${options.to}.migrating`)
  }
}

/** @throws RestoreError */
function requireCopy(path: string): void {
  const copy = statSync(path, { throwIfNoEntry: false })
  if (copy === undefined) throw new RestoreError(`${resolve(path)}: there is no such file`)
  // Reading a pipe would wait for ever.
  if (!copy.isFile()) throw new RestoreError(`${resolve(path)} is no regular file`)
}

/** The database, or the folder in which it is to be. @throws DatabaseOpenError */
function ownerOf(path: string): Stats {
  const found = hasFile(path) ? path : dirname(resolve(path))
  const owner = statSync(found, { throwIfNoEntry: false })
  if (owner === undefined) throw openError(path, 'its folder does not exist')
  return owner
}

/** @throws DatabaseOpenError */
function lock(path: string): () => void {
  try {
    return lockMigrations(path)
  } catch (error) {
    throw asOpenError(path, error)
  }
}

/** Also writes the log into the database, where both can be read. @throws RestoreError */
function requireUnused(path: string): void {
  if (!hasFile(path)) return
  const sqlite = new Sqlite(path, { fileMustExist: true, timeout: busyTimeoutMs })
  try {
    // As in openMoveSource: SQLite refuses it while another process has the file open, even one that does nothing.
    sqlite.pragma('locking_mode = EXCLUSIVE')
    sqlite.exec('begin immediate; rollback')
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY'))
      throw new RestoreError('another process uses the database; stop the service first')
    // A damaged database is what a copy is restored for.
  } finally {
    sqlite.close()
  }
}

/** @throws RestoreError */
async function copy(from: string, to: string): Promise<void> {
  try {
    const source = new Sqlite(from, { readonly: true, fileMustExist: true })
    try {
      await source.backup(to, { progress: () => Number.MAX_SAFE_INTEGER })
    } finally {
      source.close()
    }
  } catch (error) {
    throw refusal(from, error)
  }
}

/** @throws RestoreError */
function prepare(
  file: string,
  { from, event, migrations }: Omit<RestoreOptions, 'to'>,
): Pick<Restored, 'isNewer'> {
  try {
    checkCopy(file)
    const sqlite = new Sqlite(file)
    try {
      const origin = originOf(sqlite, migrations)
      if (origin === 'empty' || origin === 'foreign')
        throw new RestoreError(`${resolve(from)} is no database of mianmi`)
      clearMark(sqlite)
      // Versions before the audit log's inbox have no such table.
      if (hasTable(sqlite, 'audit_inbox'))
        sqlite.prepare('insert into audit_inbox (event) values (?)').run(writeInboxLine(event))
      return { isNewer: origin === 'newer' }
    } finally {
      sqlite.close()
    }
  } catch (error) {
    throw refusal(from, error)
  }
}

const hasTable = (sqlite: Sqlite.Database, name: string): boolean =>
  sqlite.prepare(`select 1 from sqlite_master where type = 'table' and name = ?`).get(name) !==
  undefined

function refusal(from: string, error: unknown): unknown {
  const fault = faultOf(error)
  if (fault !== null) return new RestoreError(`${resolve(from)} cannot be restored: ${fault}`)
  return error
}

/**
 * Puts the file in the place of the database in one step, so that at no moment there is none: the next start would create an
 * empty one. The earlier database keeps a second name, and its log is moved before, because SQLite would apply it to the new
 * file.
 *
 * @returns the path under which the earlier database is kept; null where there was none
 */
function replace(path: string, file: string): string | null {
  const time = new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-')
  const kept = `${path}.replaced-${time}`
  const found = logs.filter((suffix) => existsSync(path + suffix))
  const isThere = existsSync(path)
  if (isThere && existsSync(kept)) throw new RestoreError(`${kept} exists already; wait a second`)
  if (isThere) linkSync(path, kept)
  for (const suffix of found) renameSync(path + suffix, kept + suffix)
  try {
    renameSync(file, path)
  } catch (error) {
    for (const suffix of found) renameSync(kept + suffix, path + suffix)
    rmSync(kept, { force: true })
    throw error
  }
  return isThere ? resolve(kept) : null
}

/** Copies of the same restore that were ended by a signal. They hold personal data. No other restore runs: it has the lock. */
function removeUnfinished(path: string): void {
  const folder = dirname(resolve(path))
  for (const name of readdirSync(folder))
    if (name.startsWith(`${basename(path)}.`) && /\.\d+\.unfinished(-\w+)?$/.test(name))
      rmSync(join(folder, name), { force: true })
}

/** With the mode of the earlier database. The service may run as another user than root, who runs this command. */
function giveTo(owner: Stats, path: string): void {
  if (owner.isFile()) chmodSync(path, owner.mode & 0o777)
  if (process.getuid?.() === 0) chownSync(path, owner.uid, owner.gid)
}
