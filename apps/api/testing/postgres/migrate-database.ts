import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../src/store/postgres/migrate.ts'

/** The folder of the migrations of PostgreSQL. */
export const postgresMigrations = fileURLToPath(
  new URL('../../migrations/postgres', import.meta.url),
)

/** Brings a database up to date, over a connection of its own. Returns how many migrations it applied. */
export async function migrateDatabase(url: string, folder = postgresMigrations): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await migrate(client, folder)
  } finally {
    await client.end()
  }
}
