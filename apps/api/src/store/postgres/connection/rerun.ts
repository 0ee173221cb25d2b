import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '@mianmi/core'
import type { StatementNames } from './queries.ts'
import { QueryError } from './query-error.ts'
import { countRetry, type StoreMetrics } from './store-metrics.ts'
import type { TimeLimits } from './time-limits.ts'

const maxRuns = 10

/**
 * Runs a verb, and again as a whole where another transaction was in its way.
 *
 * @throws Failure `overloaded` when the database is away, is busy, or others were in its way each time
 */
export async function rerun<T>(
  { metrics, names, limits }: { metrics: StoreMetrics; names: StatementNames; limits: TimeLimits },
  verb: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + limits.rerun
  for (let run = 1; ; run++)
    try {
      return await verb()
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
      const { kind, code } = error
      if (kind === 'unnamed') names.forget()
      const isRepeatable = kind === 'again' || kind === 'unnamed'
      if (!isRepeatable || run === maxRuns || performance.now() >= until) throw toFailure(error)
      countRetry(metrics, code)
      // At random, so that two verbs that met do not meet again.
      await sleep(Math.random() * 5 * run)
    }
}

/** What a caller of the store gets: `overloaded`, or the database's own error where that is a fault of the program. */
export function toFailure(error: QueryError): unknown {
  const { kind, code, cause } = error
  // U+0000 in a text. Every schema of an input refuses it before.
  if (code === '22021' || code === '22P05') return new Failure('invalid_input', { cause })
  if (kind === 'fault') return cause
  return new Failure('overloaded', {
    detail: `database ${code || (cause as Error).message}`,
    retryAfter: 1,
    cause,
  })
}
