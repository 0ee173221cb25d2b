import process from 'node:process'
import { readDatabaseUrl, readExistingDatabase } from '../../config/database-url.ts'
import type { Env } from '../../config/env.ts'
import {
  describeUrl,
  faultOfPostgresUrl,
  isPostgresUrl,
  markAsMoved,
  moveStore,
} from '../../store/open-store.ts'
import { MoveError } from '../../store/store.ts'
import { requireEveryKey } from '../../tokens/claim-database.ts'
import { CommandError } from './administrators.ts'
import { outcomeOf, recordOutcome } from './command-log.ts'
import { serviceRoot, withStore } from './command-store.ts'
import { createProgress } from './progress.ts'

interface MoveToCommand {
  readonly env: Env
  readonly args: readonly string[]
  readonly migrations: string
  readonly print: (line: string) => void
}

const action = 'command.moveTo'

/**
 * Copies the SQLite database that DATABASE_URL names into an empty PostgreSQL one, while the service is stopped. Prints a
 * line for each table, and returns the last line. See docs/many-nodes.md.
 *
 * @throws CommandError, ConfigError, DatabaseOpenError, UnlistedKeyError; then the target has no row
 */
export async function runMoveTo({ env, args, migrations, print }: MoveToCommand): Promise<string> {
  const from = readDatabaseUrl(env)
  const to = readTarget(args)
  if (isPostgresUrl(from))
    throw new CommandError('DATABASE_URL must name the SQLite database that is moved, as file:PATH')
  readExistingDatabase(env)
  const root = serviceRoot(env)
  const source = { env, root, migrations }
  const target = { ...source, env: { ...env, DATABASE_URL: to } }
  // Each step opens the database by itself: during the copy no other connection may have it open.
  await withStore(source, async (store) => {
    await requireEveryKey(store.rootKeys, root)
    await recordOutcome(env, store, action, 'started')
  })
  const record = (outcome: Parameters<typeof recordOutcome>[3]) =>
    withStore(source, (store) => recordOutcome(env, store, action, outcome))
  let tables: Awaited<ReturnType<typeof copy>>
  try {
    tables = await copy({ from, to, migrations })
  } catch (error) {
    await record(outcomeOf(error))
    throw error
  }
  for (const { table, count, checksum } of tables)
    print(`${table}: ${count} ${count === 1 ? 'row' : 'rows'}, sha256 ${checksum}`)
  await withStore(target, (store) => recordOutcome(env, store, action, 'ok'))
  await record('ok')
  await markAsMoved(from)
  const rows = tables.reduce((sum, { count }) => sum + count, 0)
  return `${rows} rows of ${tables.length} tables are in ${describeUrl(to)}, and are the same there; set DATABASE_URL to it, and keep the SQLite file, on which no service starts any more, until the service runs`
}

/** @throws CommandError without the password */
function readTarget([url, ...rest]: readonly string[]): string {
  if (url === undefined || rest.length > 0)
    throw new CommandError('usage: move-to postgres://USER:PASSWORD@HOST/DATABASE; see --help')
  const fault = faultOfPostgresUrl(url)
  if (fault !== null) throw new CommandError(fault.replace('DATABASE_URL:', 'the target'))
  return url
}

async function copy({ from, to, migrations }: { from: string; to: string; migrations: string }) {
  const progress = createProgress(process.stderr)
  try {
    return await moveStore(from, to, {
      migrations,
      onProgress: ({ step, table, rows }) => progress.show(`${table}: ${rows} rows ${step}`),
    })
  } catch (error) {
    throw error instanceof MoveError ? new CommandError(error.message) : error
  } finally {
    progress.end()
  }
}
