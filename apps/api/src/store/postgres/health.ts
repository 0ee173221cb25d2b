import type { StoreHealth } from '../store.ts'
import type { Queries } from './connection/index.ts'

/** @param hashes of the migrations of this version */
export function createHealth(reads: Queries, hashes: readonly string[]): StoreHealth {
  return {
    async ready() {
      const found = await reads.first<{ readOnly: string; applied: number }>(
        `select current_setting('transaction_read_only') as "readOnly",
           (select count(*) from applied_migrations where hash = any ($1::text[])) as applied`,
        [hashes],
      )
      if (found?.readOnly !== 'off') throw new Error('the database takes no writes')
      if (found.applied !== hashes.length)
        throw new Error('the schema of the database is that of another version')
    },
    async bytes() {
      try {
        const found = await reads.first<{ bytes: number }>(
          'select pg_database_size(current_database()) as bytes',
        )
        return found?.bytes ?? null
      } catch {
        // Other engines do not have the function, or do not let every role call it.
        return null
      }
    },
  }
}
