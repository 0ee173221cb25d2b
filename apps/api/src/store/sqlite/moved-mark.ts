import { resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DatabaseOpenError } from '../database-open-error.ts'

/** In the field of SQLite's file header that is for applications (`user_version`), the letters "move". Otherwise 0. */
const mark = 0x6d6f7665

/** Records in the file that its content was moved to another database. */
export function markMoved(path: string): void {
  const sqlite = new Sqlite(path, { fileMustExist: true })
  try {
    sqlite.pragma(`user_version = ${mark}`)
  } finally {
    sqlite.close()
  }
}

export const clearMark = (sqlite: Sqlite.Database): void => void sqlite.pragma('user_version = 0')

/**
 * A service that starts on the file again would serve the users of another day, and what they do there would be lost.
 *
 * @throws DatabaseOpenError
 */
export function requireUnmoved(sqlite: Sqlite.Database): void {
  if (sqlite.pragma('user_version', { simple: true }) !== mark) return
  const path = resolve(sqlite.name)
  throw new DatabaseOpenError(
    `DATABASE_URL names ${path}, whose content was moved to PostgreSQL (admin.js move-to); set DATABASE_URL to that database. To go back to this file, and lose what happened since: admin.js restore ${path}`,
  )
}
