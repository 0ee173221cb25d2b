import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import Sqlite from 'better-sqlite3'
import { requireNewFile } from '../../process/new-file.ts'
import type { Backup } from '../backup.ts'
import { asOpenError } from './open-error.ts'

/** How long to wait for a write of the service, in ms. */
const busyTimeoutMs = 10_000

export interface BackupOptions {
  readonly from: string
  readonly to: string
  /** Does not block writes; the copy is then as old as its beginning. Default false. */
  readonly live?: boolean
}

/**
 * Copies the database at `from` while a service uses it. Reads continue. Writes wait until `done` has returned, so
 * the copy contains everything that was acknowledged before that.
 *
 * @throws Error when `to` exists, `from` does not, or the copy is damaged; then no file is left
 */
export async function backUp(
  { from, to, live = false }: BackupOptions,
  done: (backup: Backup) => void,
): Promise<void> {
  requireNewFile(to)
  const unfinished = `${to}.${process.pid}.unfinished`
  const options = { fileMustExist: true, timeout: busyTimeoutMs }
  const source = open(from, options)
  // SQLite cannot copy from a connection that holds a write lock, so the lock needs its own connection.
  const lock = open(from, options)
  try {
    if (!live) lock.exec('begin immediate')
    const startedAt = Date.now()
    // All pages in one step: nothing else in this process has to run meanwhile.
    await source.backup(unfinished, { progress: () => Number.MAX_SAFE_INTEGER })
    checkCopy(unfinished)
    syncToDisk(unfinished)
    renameSync(unfinished, to)
    syncToDisk(dirname(to))
    const now = Date.now()
    done({ path: to, bytes: statSync(to).size, at: live ? startedAt : now, ms: now - startedAt })
  } finally {
    lock.close()
    source.close()
    for (const suffix of ['', '-journal', '-wal', '-shm'])
      rmSync(unfinished + suffix, { force: true })
  }
}

/** @throws DatabaseOpenError */
function open(path: string, options: Sqlite.Options): Sqlite.Database {
  try {
    return new Sqlite(path, options)
  } catch (error) {
    throw asOpenError(path, error)
  }
}

/** Checks the copy and removes its write-ahead log. @throws Error when a page is damaged */
export function checkCopy(file: string): void {
  const copy = new Sqlite(file)
  try {
    copy.pragma('journal_mode = DELETE')
    const result = copy.pragma('integrity_check(1)', { simple: true })
    if (result !== 'ok') throw new Error(`the copy is damaged: ${result}`)
  } finally {
    copy.close()
  }
}

/** fsync of a file, or of a folder for the names in it. */
export function syncToDisk(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
