import { readDatabaseUrl } from '../../config/database-url.ts'
import type { Env } from '../../config/env.ts'
import { isPostgresUrl, restoreStore } from '../../store/open-store.ts'
import { RestoreError } from '../../store/store.ts'
import { CommandError } from './administrators.ts'
import { lineOf } from './command-log.ts'

/**
 * Puts a copy that `backup` has made in place of the SQLite database that DATABASE_URL names, while the service is stopped.
 * Returns the line to print.
 *
 * @throws CommandError, ConfigError, DatabaseOpenError; then everything is as before
 */
export async function runRestore(
  { env, migrations }: { env: Env; migrations: string },
  args: readonly string[],
): Promise<string> {
  const [file, ...rest] = args
  if (file === undefined || rest.length > 0 || file.startsWith('-'))
    throw new CommandError('usage: restore FILE; see --help')
  const url = readDatabaseUrl(env)
  if (isPostgresUrl(url))
    throw new CommandError(
      'DATABASE_URL names a PostgreSQL database, which this command cannot restore; use pg_restore, or the backups of your database service',
    )
  try {
    const { path, bytes, replaced, isNewer } = await restoreStore(url, {
      from: file,
      migrations,
      event: lineOf('command.restore', 'ok', null),
    })
    const kept = replaced === null ? '' : `; the database before is kept as ${replaced}`
    const newer = isNewer ? '; the copy is of a newer version: start that one' : ''
    return `${path}: ${bytes} bytes of ${file}${kept}${newer}; start the service, and repeat the sign-outs and disablings since the copy was made`
  } catch (error) {
    throw error instanceof RestoreError ? new CommandError(error.message) : error
  }
}
