import { chownSync, existsSync, renameSync, rmSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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

/** How long to wait for a service that has just ended, in ms. */
const busyTimeoutMs = 2_000

/** What SQLite has beside a database; the database comes last, so that it is never without its log. */
const suffixes = ['-journal', '-wal', '-shm', '']

interface RestoreOptions {
  /** The copy. It is not changed. */
  readonly from: string
  /** The path of the database. There may be none. */
  readonly to: string
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
export async function restoreFile({ from, to, event }: RestoreOptions): Promise<Restored> {
  if (!hasFile(from)) throw new RestoreError(`${resolve(from)}: there is no such file`)
  const owner = ownerOf(to)
  const unlock = lock(to)
  const unfinished = `${to}.${process.pid}.unfinished`
  try {
    requireUnused(to)
    await copy(from, unfinished)
    prepare(from, unfinished, event)
    giveTo(owner, unfinished)
    syncToDisk(unfinished)
    const replaced = setAside(to)
    renameSync(unfinished, to)
    syncToDisk(dirname(resolve(to)))
    return { path: resolve(to), bytes: statSync(to).size, replaced }
  } finally {
    for (const suffix of suffixes) rmSync(unfinished + suffix, { force: true })
    unlock()
    giveTo(owner, `${to}.migrating`)
  }
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
function prepare(from: string, file: string, event: AuditEvent): void {
  try {
    checkCopy(file)
    const sqlite = new Sqlite(file)
    try {
      const isOurs = hasTable(sqlite, 'users') && hasTable(sqlite, '__drizzle_migrations')
      if (!isOurs) throw new RestoreError(`${resolve(from)} is no database of mianmi`)
      clearMark(sqlite)
      // Versions before the audit log's inbox have no such table.
      if (hasTable(sqlite, 'audit_inbox'))
        sqlite.prepare('insert into audit_inbox (event) values (?)').run(writeInboxLine(event))
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

/** @returns the path under which the earlier database is kept; null where there was none */
function setAside(path: string): string | null {
  if (!existsSync(path)) return null
  const time = new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-')
  const kept = `${path}.replaced-${time}`
  if (existsSync(kept)) throw new RestoreError(`${kept} exists already; wait a second`)
  for (const suffix of suffixes)
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix)
  return resolve(kept)
}

/** For a command that root runs: the service runs as another user, who must be able to write the file. */
function giveTo({ uid, gid }: Stats, path: string): void {
  if (process.getuid?.() === 0) chownSync(path, uid, gid)
}
