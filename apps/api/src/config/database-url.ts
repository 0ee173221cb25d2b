import { resolve } from 'node:path'
import {
  faultOfPostgresUrl,
  hasDatabase,
  isPostgresUrl,
  pathOf,
  requireDatabase,
} from '../store/open-store.ts'
import { ConfigError, type Env, readText } from './env.ts'

/** The URL of the database, as `openStore` takes it. @throws ConfigError, which never contains the password */
export function readDatabaseUrl(env: Env): string {
  const url = readText(env, 'DATABASE_URL') ?? 'file:.data/mianmi.db'
  if (isPostgresUrl(url)) {
    const fault = faultOfPostgresUrl(url)
    if (fault !== null) throw new ConfigError(fault)
    return url
  }
  if (!url.startsWith('file:') || url.length === 'file:'.length)
    throw new ConfigError(
      'DATABASE_URL must be file:PATH or postgres://user:password@host/database',
    )
  const path = url.slice('file:'.length)
  if (/^\/\/[^/]/.test(path))
    throw new ConfigError(
      'DATABASE_URL must be file:PATH or file:///PATH; a host (file://host/…) is not supported',
    )
  return `file:${path.replace(/^\/\/(?=\/)/, '')}`
}

/**
 * The URL for a command: only the service creates a SQLite database.
 *
 * @throws ConfigError where DATABASE_URL is not set and its default is not there, DatabaseOpenError
 */
export function readExistingDatabase(env: Env): string {
  const url = readDatabaseUrl(env)
  const isDefault = readText(env, 'DATABASE_URL') === undefined
  if (isDefault && !hasDatabase(url))
    throw new ConfigError(
      `DATABASE_URL is not set, and there is no database at its default, ${resolve(pathOf(url))}; set it to that of the service`,
    )
  requireDatabase(url)
  return url
}
