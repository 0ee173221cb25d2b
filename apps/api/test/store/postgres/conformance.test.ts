import { describeStores } from '@mianmi/core/testing/conformance'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { openPostgres, type Postgres } from '../../../src/store/postgres/connection/index.ts'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { createPostgresStores } from './postgres-stores.ts'

describePostgres('the PostgreSQL store', () => {
  let postgres: Postgres
  let client: pg.Client

  beforeAll(async () => {
    const url = await createTestDatabase()
    client = new pg.Client(url)
    await client.connect()
    postgres = await openPostgres(url)
  })
  afterAll(async () => {
    await postgres?.close()
    await client?.end()
  })

  describeStores(async () => {
    await emptyDatabase(client)
    return createPostgresStores(postgres)
  })
})
