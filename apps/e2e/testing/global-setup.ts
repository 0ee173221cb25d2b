import { findPostgres, startCluster } from '@mianmi/api/testing/postgres'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A cluster for the services of the tests, and how many nodes each service has; null: SQLite. */
    readonly nodesUnderTest: { readonly clusterUrl: string; readonly nodes: number } | null
  }
}

/**
 * With `E2E_DATABASE=postgres` the services of all tests run on PostgreSQL, each on a database of its own, and with
 * `E2E_NODES=4` as so many nodes behind a proxy.
 */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const { E2E_DATABASE: database = 'sqlite', E2E_NODES: nodes = '1' } = process.env
  if (database !== 'postgres') {
    provide('nodesUnderTest', null)
    return async () => {}
  }
  const bin = findPostgres()
  if (bin === null) throw new Error('E2E_DATABASE is postgres, and PostgreSQL is not installed')
  const cluster = await startCluster({ bin, settings: ['max_connections=1000'] })
  provide('nodesUnderTest', { clusterUrl: cluster.url('postgres'), nodes: Number(nodes) })
  return cluster.stop
}
