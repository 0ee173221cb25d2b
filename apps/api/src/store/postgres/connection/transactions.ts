import type pg from 'pg'
import { createOutbox, type Outbox, type OutboxSettings } from '../webhooks/outbox.ts'
import type { Pool } from './pools.ts'
import { createQueries, type Queries, runOn, type StatementNames } from './queries.ts'
import { asQueryError, QueryError, runAgain } from './query-error.ts'
import type { TimeLimits } from './time-limits.ts'

/** The subjects of locks, in the order in which every verb locks them. */
export const lockOrder = ['names', 'limits', 'tickets', 'identities', 'users'] as const

/** The statements of a transaction. */
export interface Transaction extends Queries {
  /**
   * Notes that rows of a subject are being locked now. Two transactions that lock in different orders wait for each
   * other, and PostgreSQL looks for that only after a second.
   *
   * @throws Error when a later subject is locked already: a fault of the program
   */
  locking(subject: (typeof lockOrder)[number]): void
  /**
   * Locks what has no row of its own, until the end of the transaction. Only reads may come before it, and names that
   * sort before the added ones.
   */
  lockNames(names: readonly string[]): Promise<void>
  /** Takes the events that the transaction tells webhooks. They are written at its end. */
  readonly outbox: Outbox
}

/** For tests: called before each statement of a transaction, so that they can stop two transactions in any order. */
export type BeforeStatement = (text: string) => Promise<void>

/**
 * Begins with limits of its own, because no session state survives a pooler. A transaction whose node has stopped is
 * rolled back before the others that wait for it give up.
 */
const begin = ({
  transaction: { lock, idle, statement },
}: TimeLimits): string => `begin isolation level read committed; set local lock_timeout = ${lock};
set local idle_in_transaction_session_timeout = ${idle}; set local statement_timeout = ${statement}`
const insertLocks = `insert into locks (name) select name from unnest($1::text[]) as n(name) order by name collate "C"
on conflict (name) do update set name = excluded.name`
const deleteLocks = 'delete from locks where name = any($1::text[])'

export interface TransactionOptions {
  readonly pool: Pool
  readonly names: StatementNames
  readonly limits: TimeLimits
  readonly settings: OutboxSettings
  readonly beforeStatement?: BeforeStatement | undefined
}

/** Runs `work` once in a transaction that holds the named locks. @throws QueryError, and what `work` throws */
export async function runTransaction<T>(
  { pool, names, limits, settings, beforeStatement }: TransactionOptions,
  locked: readonly string[],
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { client, release } = await pool.lease()
  let failure: QueryError | null = null
  try {
    await control(client, begin(limits))
    const { unlockNames, flush, ...transaction } = openTransaction(
      client,
      { names, beforeStatement },
      settings,
    )
    await transaction.lockNames(locked)
    const result = await work(transaction)
    const isWritten = await flush()
    await unlockNames()
    await beforeStatement?.('commit')
    // A transaction in which a statement has failed answers with ROLLBACK.
    if ((await control(client, 'commit')) !== 'COMMIT') throw runAgain('not committed')
    if (isWritten) settings.onWritten()
    return result
  } catch (error) {
    failure = error instanceof QueryError ? error : null
    if (failure === null || !isLost(failure)) failure = await rollBack(client, failure)
    throw error
  } finally {
    release(failure)
  }
}

const isLost = ({ kind }: QueryError): boolean => kind === 'lost'

/** Returns the error because of which the connection is of no use, if there is one. */
async function rollBack(
  client: pg.ClientBase,
  failure: QueryError | null,
): Promise<QueryError | null> {
  try {
    await control(client, 'rollback')
    return failure
  } catch (error) {
    return asQueryError(error)
  }
}

/** Sends a text without values, which may hold several statements. */
async function control(client: pg.ClientBase, text: string): Promise<string> {
  try {
    return (await client.query(text)).command
  } catch (error) {
    throw asQueryError(error)
  }
}

function openTransaction(
  client: pg.ClientBase,
  { names, beforeStatement }: Pick<TransactionOptions, 'names' | 'beforeStatement'>,
  settings: OutboxSettings,
): Transaction & { unlockNames(): Promise<void>; flush(): Promise<boolean> } {
  const run = runOn(client, names)
  const queries = createQueries(async (statement) => {
    await beforeStatement?.(statement.text)
    return run(statement)
  })
  const { outbox, flush } = createOutbox(queries, settings)
  const locked: string[] = []
  let stage = 0
  const locking: Transaction['locking'] = (subject) => {
    const next = lockOrder.indexOf(subject)
    if (next < stage) throw new Error(`${subject} must be locked before ${lockOrder[stage]}`)
    stage = next
  }
  return {
    ...queries,
    locking,
    outbox,
    flush,
    async lockNames(added) {
      if (added.length === 0) return
      locking('names')
      const names = [...new Set(added)].sort()
      const [first = ''] = names
      const last = locked.at(-1) ?? ''
      if (first <= last) throw new Error(`the name ${first} must be locked before ${last}`)
      locked.push(...names)
      await queries.run(insertLocks, [names])
    },
    // The rows are needed no longer: others wait for the end of this transaction.
    async unlockNames() {
      if (locked.length > 0) await queries.run(deleteLocks, [locked])
    },
  }
}
