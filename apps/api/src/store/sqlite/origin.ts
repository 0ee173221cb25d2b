import type Sqlite from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'

/**
 * What the migrations of a database say about its origin, compared with those of this version. `empty`: it has no table. `older`:
 * some are missing, or none. `newer`: a newer version of mianmi has changed its schema. `foreign`: it did not begin with the first
 * migration of mianmi; other programs have a table `users`, and Drizzle's migrator, too.
 */
export type Origin = 'empty' | 'older' | 'newer' | 'foreign'

/** Compares the hashes that Drizzle's migrator keeps in `__drizzle_migrations` with those of the folder. */
export function originOf(sqlite: Sqlite.Database, migrationsFolder: string): Origin {
  const tables = sqlite
    .prepare<[], string>(`select name from sqlite_master where type = 'table'`)
    .pluck()
    .all()
  const applied = tables.includes(migrator) ? readApplied(sqlite) : []
  // A first start that was killed may have left the migrator's table alone.
  if (
    applied.length === 0 &&
    tables.every((name) => name === migrator || name.startsWith('sqlite_'))
  )
    return 'empty'
  const known = readMigrationFiles({ migrationsFolder }).map(({ hash }) => hash)
  if (applied.length === 0 || applied[0] !== known[0]) return 'foreign'
  return applied.every((hash) => known.includes(hash)) ? 'older' : 'newer'
}

const migrator = '__drizzle_migrations'

const readApplied = (sqlite: Sqlite.Database): string[] =>
  sqlite.prepare<[], string>(`select hash from ${migrator} order by created_at`).pluck().all()
