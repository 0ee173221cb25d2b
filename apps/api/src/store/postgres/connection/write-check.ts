import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from './pools.ts'
import { asQueryError, QueryError } from './query-error.ts'

/** How long a probe waits, in ms. */
const limitMs = 1_000

/**
 * Returns a check that a write could begin now in each of the pools, without writing. Checks that are asked for at the
 * same time share one, so that frequent probes take no connections from calls.
 */
export function createWriteCheck(pools: readonly Pool[]): () => Promise<void> {
  // With few connections the pools are one and the same.
  const distinct = [...new Set(pools)]
  let running: Promise<void> | null = null
  return async () => {
    running ??= Promise.all(distinct.map(begin)).then(() => {})
    const check = running
    const clear = (): void => {
      if (running === check) running = null
    }
    check.then(clear, clear)
    await within(limitMs, check)
  }
}

/** Begins a transaction and rolls it back: an open connection alone does not show that a pooler has a server for it. */
async function begin(pool: Pool): Promise<void> {
  const { client, release } = await pool.lease()
  let failure: QueryError | null = null
  try {
    await client.query('begin; rollback')
  } catch (error) {
    failure = asQueryError(error)
    throw failure
  } finally {
    release(failure)
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new QueryError('lost', '', new Error(`no write could begin within ${ms} ms`))
  })
  try {
    await Promise.race([work, late])
  } finally {
    late.catch(() => {})
    timer.abort()
  }
}
