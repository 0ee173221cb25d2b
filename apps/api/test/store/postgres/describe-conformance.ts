import { describeStores } from '@mianmi/core/testing/conformance'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { openPostgres, type Postgres } from '../../../src/store/postgres/connection/index.ts'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase } from '../../../testing/postgres/test-database.ts'
import { createPostgresStores } from './postgres-stores.ts'

/**
 * Runs the conformance suite on a database of its own.
 *
 * @param urlOf the address by which the stores reach the database
 */
export function describeConformance(urlOf: (url: string) => Promise<string> | string): void {
  let postgres: Postgres
  let client: pg.Client

  beforeAll(async () => {
    const url = await createTestDatabase()
    client = new pg.Client(url)
    await client.connect()
    postgres = await openPostgres(await urlOf(url))
  })
  afterAll(async () => {
    await postgres?.close()
    await client?.end()
  })

  describeStores(async () => {
    await emptyDatabase(client)
    return createPostgresStores(postgres)
  })
}
