import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import Sqlite from 'better-sqlite3'

/** How long it waits for a write of the service, in ms. */
const busyTimeoutMs = 10_000

export interface Backup {
  readonly path: string
  readonly bytes: number
  /** What was acknowledged before, in ms since the epoch, is in it. */
  readonly at: number
  readonly ms: number
}

export interface BackupOptions {
  readonly from: string
  readonly to: string
  /** Holds no write back; the copy is then as old as its beginning. Default false. */
  readonly live?: boolean
}

/**
 * Copies the database at `from` while a service uses it; reads go on meanwhile. Writes wait until `done` has
 * returned, so nothing was acknowledged before that moment which the copy lacks.
 *
 * @throws Error where `to` exists, `from` does not, or the copy is damaged; then nothing is left behind
 */
export async function backUp(
  { from, to, live = false }: BackupOptions,
  done: (backup: Backup) => void,
): Promise<void> {
  if (existsSync(to)) throw new Error(`${to} exists already, and no backup is written over`)
  const unfinished = `${to}.${process.pid}.unfinished`
  const options = { fileMustExist: true, timeout: busyTimeoutMs }
  const source = new Sqlite(from, options)
  // SQLite copies from no connection that is writing, so the lock has one of its own.
  const lock = new Sqlite(from, options)
  try {
    if (!live) lock.exec('begin immediate')
    const startedAt = Date.now()
    // All in one step: nothing of this process waits behind it.
    await source.backup(unfinished, { progress: () => Number.MAX_SAFE_INTEGER })
    check(unfinished)
    flush(unfinished)
    renameSync(unfinished, to)
    flush(dirname(to))
    const now = Date.now()
    done({ path: to, bytes: statSync(to).size, at: live ? startedAt : now, ms: now - startedAt })
  } finally {
    lock.close()
    source.close()
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(unfinished + end, { force: true })
  }
}

/** Leaves one plain file without a log beside it. @throws Error where a page is damaged */
function check(file: string): void {
  const copy = new Sqlite(file)
  try {
    copy.pragma('journal_mode = DELETE')
    const verdict = copy.pragma('integrity_check(1)', { simple: true })
    if (verdict !== 'ok') throw new Error(`the copy is damaged: ${verdict}`)
  } finally {
    copy.close()
  }
}

/** To the disk itself; for a folder, its list of names. */
function flush(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
