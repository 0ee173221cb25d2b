import { findPostgres } from '@mianmi/api/testing/postgres'
import { describe, expect, it } from 'vitest'
import { loadProduct } from '../src/product/load-product.ts'
import { playSlowRun } from '../src/slow/run.ts'
import { builtService, startDatabases } from '../src/slow/service.ts'
import { tellSlowSeed } from '../src/slow/tell.ts'

const seeds = [1, 2, 3]
const steps = 40

/** Plays the seeds, and throws the story of the first one that breaks a sentence. */
async function play(database: 'sqlite' | 'postgres', nodes: number): Promise<void> {
  const product = await loadProduct()
  const databases = await startDatabases(database)
  let calls = 0
  try {
    for (const seed of seeds) {
      const result = await playSlowRun({
        ...{ product, program: builtService, seed, stepCount: steps, nodeCount: nodes },
        openDatabase: databases.open,
      })
      calls += result.calls
      if (result.violation !== null)
        throw new Error(tellSlowSeed(result, seed, { database, nodes, steps }))
    }
  } finally {
    await databases.stop()
  }
  console.info(`slow run: ${seeds.length} seeds of ${steps} steps on ${database}, ${calls} calls`)
  expect(calls).toBeGreaterThan(20)
}

const isPostgresMissing = findPostgres() === null && process.env['CI'] !== 'true'

describe('the built service breaks no sentence', () => {
  it('on SQLite', { timeout: 600_000 }, () => play('sqlite', 1))

  it.skipIf(isPostgresMissing)('on PostgreSQL with four nodes', { timeout: 600_000 }, () =>
    play('postgres', 4),
  )
})
