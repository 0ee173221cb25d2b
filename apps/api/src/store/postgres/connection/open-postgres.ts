import type pg from 'pg'
import type { OutboxSettings } from '../webhooks/outbox.ts'
import { createReceivers } from '../webhooks/receivers.ts'
import { describeFailure } from './describe-failure.ts'
import { createHosts } from './hosts.ts'
import { createNameQueues } from './name-queues.ts'
import { createPools, type Pool } from './pools.ts'
import { createPreparedRead, type PreparedRead } from './prepared-read.ts'
import {
  createQueries,
  createStatementNames,
  type Queries,
  type RunStatement,
  runOn,
} from './queries.ts'
import { asQueryError, type QueryError } from './query-error.ts'
import { rerun } from './rerun.ts'
import { runSnapshot } from './snapshots.ts'
import { createStoreMetrics, type StoreMetrics } from './store-metrics.ts'
import type { TimeLimits } from './time-limits.ts'
import { type BeforeStatement, runTransaction, type Transaction } from './transactions.ts'
import { PostgresOpenError, parsePostgresUrl } from './url.ts'
import { createWriteCheck } from './write-check.ts'

/** The connections of a node to PostgreSQL. A call uses one connection at a time. */
export interface Postgres {
  /** One statement each, that reads. @throws Failure `overloaded` */
  readonly reads: Queries
  /** One statement each, that writes and is committed by itself. @throws Failure `overloaded` */
  readonly writes: Queries
  /**
   * Runs `work` in a transaction, and again as a whole where another transaction was in its way, so `work` must be
   * repeatable. What it throws rolls back the transaction.
   *
   * @param names what has no row to lock, locked first and until the end of the transaction
   * @throws Failure `overloaded`
   */
  transaction<T>(
    names: readonly string[],
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T>
  /**
   * Lets `read` see one state of the database, that at its first statement, over a connection beside the pools of the
   * calls, for as long as the iteration takes. Runs once.
   *
   * @throws Failure `overloaded`, and what `read` throws
   */
  snapshot<T>(read: (queries: Queries) => AsyncIterable<T>): AsyncIterable<T>
  /** Runs `work` over a connection that nothing else uses meanwhile: for migrations. Runs once. @throws what it throws */
  alone<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>
  /**
   * Begins a transaction over a connection of each pool that writes, and rolls it back: for the health of the node. At
   * most one such check runs at a time; others get its result.
   *
   * @throws QueryError when a pool cannot begin one within a second
   */
  requireWritable(): Promise<void>
  /** For groups of calls, which handle the errors of their statements themselves. */
  readonly attempts: Attempts
  readonly metrics: StoreMetrics
  /** To be set by who opens the store: the clock is known only after the connections. */
  readonly outbox: OutboxSettings
  /** May be called twice. */
  close(): Promise<void>
}

/** Statements that run once. @throws QueryError */
export interface Attempts {
  readonly reads: Queries
  readonly writes: Queries
  /** A statement of every call. @param text with one parameter, constant */
  prepareRead(text: string): PreparedRead
  readonly limits: TimeLimits
  /** How many statements each pool can run at the same time. */
  readonly flights: { readonly reads: number; readonly writes: number }
  /** Calls the verb, and again where another transaction was in its way. @throws Failure `overloaded` */
  rerun<T>(verb: () => Promise<T>): Promise<T>
  /** Takes an error of a statement: one that says so ends the use of prepared statements. */
  failed(error: QueryError): void
}

export interface PostgresOptions {
  /** As which the node connects; default `mianmi`. */
  readonly applicationName?: string
  /**
   * How long a statement and a lock may take in any case, in ms: for a process without callers. Default: as `DATABASE_URL`
   * says.
   */
  readonly waitMs?: number | undefined
  /** For tests only. */
  readonly beforeStatement?: BeforeStatement
}

/**
 * Opens the pools and checks that the server can be used.
 *
 * @throws PostgresOpenError
 * @example const postgres = await openPostgres('postgres://mianmi:secret@db.example.com/mianmi')
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Postgres> {
  const settings = parsePostgresUrl(url, options.waitMs)
  const { limits } = settings
  const metrics = createStoreMetrics()
  const pools = createPools(settings, createHosts(settings, options.applicationName), metrics)
  const names = createStatementNames()
  const queues = createNameQueues()
  const again = <T>(verb: () => Promise<T>): Promise<T> => rerun({ metrics, names, limits }, verb)
  const runOnce =
    (pool: Pool): RunStatement =>
    async (statement) => {
      const { client, release } = await pool.lease()
      let failure: QueryError | null = null
      try {
        return await runOn(client, names)(statement)
      } catch (error) {
        failure = asQueryError(error)
        throw failure
      } finally {
        release(failure)
      }
    }
  const [read, write] = [runOnce(pools.reads), runOnce(pools.groups)]
  const outbox: OutboxSettings = {
    now: Date.now,
    onWritten: () => {},
    receivers: createReceivers(),
  }
  const transactionOptions = {
    ...options,
    pool: pools.transactions,
    names,
    limits,
    settings: outbox,
  }
  try {
    await requireUsable(pools.reads)
  } catch (error) {
    await pools.close()
    throw error
  }
  let isClosed = false
  return {
    reads: createQueries((statement) => again(() => read(statement))),
    writes: createQueries((statement) => again(() => write(statement))),
    transaction: (locked, work) =>
      queues.run(locked, () => again(() => runTransaction(transactionOptions, locked, work))),
    snapshot: (read) => runSnapshot(pools.snapshots, read),
    alone: async (work) => {
      const { client, release } = await pools.transactions.lease()
      try {
        return await work(client)
      } finally {
        release(null)
      }
    },
    requireWritable: createWriteCheck([pools.groups, pools.transactions]),
    attempts: {
      reads: createQueries(read),
      writes: createQueries(write),
      prepareRead: (text) => createPreparedRead(pools.reads, names, text),
      limits,
      flights: { reads: pools.reads.max, writes: pools.groups.max },
      rerun: again,
      failed: ({ kind }) => {
        if (kind === 'unnamed') names.forget()
      },
    },
    metrics,
    outbox,
    close: async () => {
      if (!isClosed) await pools.close()
      isClosed = true
    },
  }
}

/** `yb_effective_transaction_isolation_level`: YugabyteDB accepts READ COMMITTED and runs snapshot isolation, unless configured. */
const serverSettings = `select current_setting('transaction_isolation') as isolation,
current_setting('server_encoding') as encoding,
current_setting('yb_effective_transaction_isolation_level', true) as "effectiveIsolation"`

interface ServerSettings {
  readonly isolation: string
  readonly encoding: string
  readonly effectiveIsolation: string | null
}

/** @throws PostgresOpenError */
async function requireUsable(pool: Pool): Promise<void> {
  const { isolation, encoding, effectiveIsolation } = await readServerSettings(pool)
  const effective = effectiveIsolation ?? isolation
  if (isolation !== 'read committed' || effective !== 'read committed')
    throw new PostgresOpenError(
      `the isolation level is ${effective}; set default_transaction_isolation to read committed`,
    )
  if (encoding !== 'UTF8')
    throw new PostgresOpenError(`the database has the encoding ${encoding}; create it with UTF8`)
}

async function readServerSettings(pool: Pool): Promise<ServerSettings> {
  try {
    const { client, release } = await pool.lease()
    try {
      const { rows } = await client.query<ServerSettings>(serverSettings)
      const [found] = rows
      if (found === undefined) throw new Error('the server returned no settings')
      return found
    } finally {
      release(null)
    }
  } catch (error) {
    throw new PostgresOpenError(`the database cannot be reached: ${describeFailure(error)}`)
  }
}
