import type pg from 'pg'
import type { Pool } from './pools.ts'
import { createQueries, type Queries, runOn } from './queries.ts'
import { asQueryError, QueryError } from './query-error.ts'
import { toFailure } from './rerun.ts'

/**
 * The role or the database may have limits of time, by which the server would end a transaction whose reader is slow. A
 * server has no setting that a later version brought, such as `transaction_timeout` of PostgreSQL 17.
 */
const begin = `begin isolation level repeatable read, read only; select set_config(name, '0', true) from pg_settings
where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`

/**
 * Lets `read` see one state of the database, that at its first statement, for as long as the iteration takes. Runs once.
 *
 * @throws Failure `overloaded`, and what `read` throws
 */
export async function* runSnapshot<T>(
  pool: Pool,
  read: (queries: Queries) => AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* inSnapshot(pool, read)
  } catch (error) {
    throw error instanceof QueryError ? toFailure(error) : error
  }
}

async function* inSnapshot<T>(
  pool: Pool,
  read: (queries: Queries) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const { client, release } = await pool.lease()
  let failure: QueryError | null = null
  try {
    await control(client, begin)
    yield* read(createQueries(runOn(client, unnamed)))
  } catch (error) {
    failure = error instanceof QueryError ? error : null
    throw error
  } finally {
    // Also where the reader stops early. There is nothing to commit.
    if (failure?.kind !== 'lost')
      await control(client, 'rollback').catch((error) => (failure = error))
    release(failure)
  }
}

/** A snapshot is rare, and behind a pooler a prepared statement could fail, which would end it. */
const unnamed = { of: () => undefined, forget: () => {} }

async function control(client: pg.ClientBase, text: string): Promise<void> {
  try {
    await client.query(text)
  } catch (error) {
    throw asQueryError(error)
  }
}
