import { readDatabaseUrl } from '../../config/database-url.ts'
import type { Env } from '../../config/env.ts'
import { describeUrl } from '../../store/open-store.ts'
import { recordCommand } from './command-log.ts'
import { commandRoot, withStore } from './command-store.ts'

/**
 * Brings the schema up to date, which opening the database does: for a job before the nodes of a new version start.
 * Returns the line to print.
 *
 * @throws ConfigError, DatabaseOpenError
 */
export function runMigrate(env: Env, migrations: string): Promise<string> {
  const done = `the schema of ${describeUrl(readDatabaseUrl(env))} is up to date`
  return withStore({ env, root: commandRoot(env), migrations }, (store) =>
    recordCommand(env, store, { action: 'command.migrate', run: async () => done }),
  )
}
