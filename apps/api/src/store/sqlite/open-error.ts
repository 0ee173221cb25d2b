import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseOpenError } from '../database-open-error.ts'

/** An error that names the path and the fault. */
export const openError = (path: string, reason: string): DatabaseOpenError =>
  new DatabaseOpenError(`DATABASE_URL names ${resolve(path)}, which cannot be opened: ${reason}`)

/** What SQLite's error codes mean for the path. Other errors are faults of the service and are passed on. */
const openFaults: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'it is not a SQLite database',
  SQLITE_CORRUPT: 'it is damaged; restore a backup',
  SQLITE_CANTOPEN:
    'this user may not read it, or not write to its folder, where SQLite has its log',
  SQLITE_READONLY: 'this user may not write it',
  SQLITE_PERM: 'this user may not use it',
  SQLITE_FULL: 'the disk is full',
  SQLITE_BUSY: 'another process holds it',
}

/** What an error of SQLite, or of a migration, means for the file; null for one that says nothing about it. */
export function faultOf(error: unknown): string | null {
  // A migration's error has SQLite's own error as its cause.
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  const name = String(code ?? (cause as { code?: unknown } | undefined)?.code ?? '')
  const fault = Object.entries(openFaults).find(([prefix]) => name.startsWith(prefix))
  return fault ? `${fault[1]} (${name})` : null
}

/** Converts an error of opening to one that names the path and the fault, when its code is known. */
export function asOpenError(path: string, error: unknown): unknown {
  if (error instanceof DatabaseOpenError) return error
  const fault = faultOf(error)
  return fault === null ? error : openError(path, fault)
}

/**
 * Whether there is a file at `path`.
 *
 * @throws DatabaseOpenError for what is no regular file (reading a pipe would wait for ever), and for a path below a file or one
 * that may not be read
 */
export function hasFile(path: string): boolean {
  let isFolder: boolean
  try {
    const found = statSync(path)
    if (found.isFile()) return true
    isFolder = found.isDirectory()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    const isBelowFile = code === 'ENOTDIR'
    throw openError(
      path,
      isBelowFile ? `${resolve(dirname(path))} is below a file` : `it cannot be read (${code})`,
    )
  }
  throw openError(path, isFolder ? 'it is a folder' : 'it is no regular file')
}

/** @throws DatabaseOpenError when there is no database at `path` */
export function requireFile(path: string): void {
  if (path === ':memory:' || hasFile(path)) return
  throw openError(path, 'there is no such file; start the service once to create it')
}
