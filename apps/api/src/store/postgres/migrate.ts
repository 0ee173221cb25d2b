import { setTimeout as pause } from 'node:timers/promises'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'

/** How often a start tries again that met another one, or a table that a transaction holds. */
const maxTries = 20
/** Upper limit of a random pause before that, in ms. */
const maxPauseMs = 200
/**
 * How long a statement of a migration waits for a table, in ms. Every later statement on the table waits behind it, so
 * it gives up and comes again.
 */
const tableWaitMs = 2_000

/**
 * What two starts get that create a table at the same time (`if not exists` looks first and creates then), deadlocks,
 * serialization failures of engines that have them here, and a table that was not free in time.
 */
const repeatable = new Set(['23505', '42P07', '42710', 'XX000', '40001', '40P01', '55P03'])

const prepare = [
  'create table if not exists locks (name text collate "C" primary key)',
  `create table if not exists applied_migrations (
     hash text collate "C" primary key, name text collate "C" not null, applied_at timestamptz not null default now())`,
]

/** The hashes of the migrations in a folder. */
export const migrationHashes = (folder: string): string[] =>
  readMigrationFiles({ migrationsFolder: folder }).map(({ hash }) => hash)

/**
 * Brings the schema up to date. All missing migrations are one transaction under the lock row `migrate`, so of many
 * starts one applies them and the others wait for it; a start that is killed in the middle leaves nothing. A migration
 * that the database has and the folder has not belongs to a newer version, next to which this one works: see
 * CONTRIBUTING.md.
 *
 * @param client connected, outside of a transaction; the first schema of its search path gets the tables
 * @returns how many migrations this call applied
 */
export async function migrate(client: pg.ClientBase, folder: string): Promise<number> {
  const migrations = readMigrationFiles({ migrationsFolder: folder })
  for (let tries = 1; ; tries++) {
    try {
      if ((await findMissing(client, migrations)).length === 0) return 0
      for (const statement of prepare) await run(client, statement)
      return await applyMissing(client, migrations)
    } catch (error) {
      const { code = '' } = error as { code?: string }
      if (!repeatable.has(code) || tries === maxTries) throw error
      await pause(Math.random() * maxPauseMs)
    }
  }
}

/** How long a statement may take, in ms: an index on a large table is made in minutes. */
const statementMs = 3_600_000

async function run<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  // pg's own name for the limit of one query, which its types do not have.
  const query = { text, ...(values.length > 0 ? { values } : {}), query_timeout: statementMs }
  return (await client.query<Row>(query)).rows
}

type Migration = ReturnType<typeof readMigrationFiles>[number]

/** How long a migration may be idle between two of its statements, in ms: a start that stands still must not hold tables. */
const idleMs = 10_000

/**
 * An engine or a role may have another isolation by default, and limits of time that are meant for short statements. A
 * server has no setting that a later version brought, such as `transaction_timeout` of PostgreSQL 17.
 */
const begin = `begin isolation level read committed; select set_config(name,
  case name when 'idle_in_transaction_session_timeout' then '${idleMs}' else '0' end, true) from pg_settings
where name in ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')`

async function applyMissing(
  client: pg.ClientBase,
  migrations: readonly Migration[],
): Promise<number> {
  await run(client, begin)
  try {
    await run(
      client,
      `insert into locks (name) values ('migrate') on conflict (name) do update set name = excluded.name`,
    )
    // Read again: another start may have applied them while this one waited for the lock.
    const missing = await findMissing(client, migrations)
    await run(client, `select set_config('lock_timeout', $1, true)`, [String(tableWaitMs)])
    for (const migration of missing) await apply(client, migration)
    await run(client, `delete from locks where name = 'migrate'`)
    await run(client, 'commit')
    return missing.length
  } catch (error) {
    // A lost connection rolls back by itself.
    await run(client, 'rollback').catch(() => {})
    throw error
  }
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  for (const statement of migration.sql) await run(client, statement)
  const name = new Date(migration.folderMillis).toISOString()
  await run(client, 'insert into applied_migrations (hash, name) values ($1, $2)', [
    migration.hash,
    name,
  ])
}

async function findMissing(
  client: pg.ClientBase,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const [found] = await run<{ name: string | null }>(
    client,
    `select to_regclass('applied_migrations')::text as name`,
  )
  if (found?.name == null) return [...migrations]
  const rows = await run<{ hash: string }>(client, 'select hash from applied_migrations')
  const applied = new Set(rows.map(({ hash }) => hash))
  return migrations.filter(({ hash }) => !applied.has(hash))
}
