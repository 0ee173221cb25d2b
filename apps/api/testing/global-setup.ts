import type { TestProject } from 'vitest/node'
import { postgresOrSkip, startBroker } from './postgres/broker.ts'
import { migrateDatabase } from './postgres/migrate-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test databases are to be had; null where PostgreSQL is not installed. */
    readonly postgresBroker: string | null
  }
}

/** Runs once before the tests of this package, whatever their number. Returns what runs after them. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const bin = postgresOrSkip()
  if (bin === null) {
    provide('postgresBroker', null)
    return async () => {}
  }
  const { address, stop } = await startBroker(bin, migrateDatabase)
  provide('postgresBroker', address)
  return stop
}
