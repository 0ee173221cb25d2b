import type pg from 'pg'
import { MoveError } from '../../move/move-error.ts'
import type { MoveTarget } from '../../move/moved-table.ts'
import { openPostgres, PostgresOpenError } from '../connection/index.ts'
import { asQueryError } from '../connection/query-error.ts'
import { migrate } from '../migrate.ts'
import { createMoveTarget, type RunStatement } from './move-target.ts'
import { tableNames } from './table-plans.ts'

/** How long one statement may take, in ms: the longest ones send a few megabytes, or sort a table. */
const statementMs = 3_600_000

/** The role or the database may have other limits, and the client must not wait for ever. */
const begin = `begin isolation level read committed; set local statement_timeout = ${statementMs};
set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 2000`

/**
 * Brings an empty database's schema up to date, and fills it in one transaction: what `work` throws leaves no row. No node
 * can use the database meanwhile.
 *
 * @throws MoveError, PostgresOpenError, and what `work` throws
 */
export async function moveInto<T>(
  url: string,
  migrationsFolder: string,
  work: (target: MoveTarget) => Promise<T>,
): Promise<T> {
  const postgres = await openPostgres(url).catch(nameTarget)
  try {
    return await postgres.alone(async (client) => {
      await migrate(client, migrationsFolder)
      await client.query(begin)
      try {
        const run = runOn(client)
        await lockTables(run)
        const events = await takeInbox(run)
        await requireEmpty(run)
        const result = await work(createMoveTarget(run))
        await leaveInbox(run, events)
        await commit(client)
        return result
      } catch (error) {
        // A lost connection rolls back by itself.
        await client.query('rollback').catch(() => {})
        throw error
      }
    })
  } finally {
    await postgres.close()
  }
}

/** The messages name the variable that has the address of a service's database. */
function nameTarget(error: unknown): never {
  if (error instanceof PostgresOpenError)
    throw new MoveError(error.message.replace('DATABASE_URL:', 'the target:'))
  throw error
}

const runOn =
  (client: pg.ClientBase): RunStatement =>
  async <Result extends unknown[]>(text: string, values: readonly unknown[] = []) => {
    try {
      return (await client.query<Result>(statement(text, values))).rows
    } catch (error) {
      throw describeLost(error)
    }
  }

/** `query_timeout` is pg's own name for the limit of one query, which its types do not have. */
const statement = (text: string, values: readonly unknown[] = []) => ({
  text,
  values: [...values],
  rowMode: 'array' as const,
  query_timeout: statementMs,
})

/** No node can use the database until the end of the transaction. @throws MoveError */
async function lockTables(run: RunStatement): Promise<void> {
  const list = tableNames.map((name) => `"${name}"`).join(', ')
  await run(`lock table ${list} in access exclusive mode`).catch((error: unknown) => {
    if ((error as { code?: string }).code === '55P03')
      throw new MoveError('another process uses the target; stop what uses it first')
    throw error
  })
}

/**
 * Removes the lines that commands have left for the audit log, and returns them. `migrate` leaves some in a database that
 * no service has used.
 */
async function takeInbox(run: RunStatement): Promise<string[]> {
  const rows = await run<[number, string]>('delete from audit_inbox returning id, event')
  return rows.sort(([a], [b]) => a - b).map(([, event]) => event)
}

/** Leaves the lines behind those that were moved, for the audit log of the service that starts on the target. */
async function leaveInbox(run: RunStatement, events: readonly string[]): Promise<void> {
  for (const event of events) await run('insert into audit_inbox (event) values ($1)', [event])
}

/** @throws MoveError */
async function requireEmpty(run: RunStatement): Promise<void> {
  for (const name of tableNames) {
    const [row] = await run<[boolean]>(`select exists (select from "${name}")`)
    if (row?.[0] !== false)
      throw new MoveError(
        `the target is not empty: its table ${name} has rows; name a database that no service has used`,
      )
  }
}

async function commit(client: pg.ClientBase): Promise<void> {
  const reply = await client.query(statement('commit')).catch((error: unknown) => {
    const { code } = asQueryError(error)
    throw new MoveError(
      `the reply to the commit was lost${code && ` (${code})`}; the target has either everything or no row: run the command again, which refuses a target with rows`,
    )
  })
  if (reply.command !== 'COMMIT')
    throw new MoveError('PostgreSQL did not commit; the target has no row')
}

function describeLost(error: unknown): unknown {
  const { kind, code, cause } = asQueryError(error)
  if (kind !== 'lost') return error
  const reason = code || (cause as Error).message.split('\n')[0]
  return new MoveError(`the connection to the target was lost (${reason}); the target has no row`)
}
