import Database from 'better-sqlite3'
import type { Context, Note } from '../contract/router.ts'

/** The notes of all users, in SQLite. */
export function openNotes(file: string): Context['notes'] & { close(): void } {
  const database = new Database(file)
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS notes (
      id INTEGER PRIMARY KEY,
      userId TEXT NOT NULL,
      text TEXT NOT NULL,
      createdAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS notes_of_user ON notes (userId, id);
  `)
  const select = database.prepare<[string], Note>(
    'SELECT id, text, createdAt FROM notes WHERE userId = ? ORDER BY id DESC LIMIT 100',
  )
  const insert = database.prepare<[string, string, string], Note>(
    'INSERT INTO notes (userId, text, createdAt) VALUES (?, ?, ?) RETURNING id, text, createdAt',
  )
  return {
    list: (userId) => select.all(userId),
    add: (userId, text) => insert.get(userId, text, new Date().toISOString()) as Note,
    close: () => void database.close(),
  }
}
