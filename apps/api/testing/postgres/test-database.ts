import { describe, inject } from 'vitest'

/** Whether PostgreSQL is installed, so that its tests can run. */
export const hasPostgres = inject('postgresBroker') !== null

/** A suite of tests that need PostgreSQL. Where it is not installed they are skipped; in CI the run fails before. */
export const describePostgres = describe.skipIf(!hasPostgres)

/**
 * Creates an empty, migrated database and returns its address. It goes with its cluster at the end of the run. Make one
 * in each test file, and empty it between the tests with `emptyDatabase`: that is faster than another one.
 *
 * @param options.durable whether a commit waits for the disk, as in production: for races and crashes
 */
export async function createTestDatabase({ durable = false } = {}): Promise<string> {
  const broker = inject('postgresBroker')
  if (broker === null) throw new Error('PostgreSQL is not installed: use describePostgres')
  const response = await fetch(`${broker}/${durable ? 'durable' : 'fast'}`, { method: 'POST' })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
