import type { TestProject } from 'vitest/node'
import { type Broker, postgresOrSkip, startBroker, startExternalBroker } from './postgres/broker.ts'
import { migrateDatabase } from './postgres/migrate-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test databases are to be had; null where PostgreSQL is not installed. */
    readonly postgresBroker: string | null
  }
}

/** Runs once before the tests of this package, whatever their number. Returns what runs after them. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const broker = await openBroker()
  provide('postgresBroker', broker?.address ?? null)
  return async () => broker?.stop()
}

/** On the server of `CONFORMANCE_URL`, or on clusters that this run starts. */
async function openBroker(): Promise<Broker | null> {
  const { CONFORMANCE_URL: url } = process.env
  if (url) return startExternalBroker(url, migrateDatabase)
  const bin = postgresOrSkip()
  return bin === null ? null : startBroker(bin, migrateDatabase)
}
