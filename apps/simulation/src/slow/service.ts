import { fileURLToPath } from 'node:url'
import { findPostgres, startCluster } from '@mianmi/api/testing/postgres'
import type { Program } from '@mianmi/api/testing/process'
import type { Database } from './database/database.ts'
import { postgresDatabase } from './database/postgres.ts'
import { sqliteDatabase } from './database/sqlite.ts'

/** The service as it was built. */
export const builtService: Program = serviceAt(
  fileURLToPath(new URL('../../../api/dist/main.js', import.meta.url)),
)

/** The service in another file. */
export function serviceAt(file: string): Program {
  return { name: 'service', file, listening: /listening at (http:[^"\s]+)/ }
}

/** Makes a database for each run. */
export interface Databases {
  open(folder: string): Promise<Database>
  stop(): Promise<void>
}

export async function startDatabases(kind: 'sqlite' | 'postgres'): Promise<Databases> {
  if (kind === 'sqlite')
    return { open: async (folder) => sqliteDatabase(folder), stop: async () => {} }
  const bin = findPostgres()
  if (bin === null) throw new Error('PostgreSQL is not installed')
  const cluster = await startCluster({ bin, durable: false, settings: ['max_connections=200'] })
  let made = 0
  return {
    open: () => {
      made += 1
      return postgresDatabase(cluster, `slow_${made}`)
    },
    stop: cluster.stop,
  }
}
