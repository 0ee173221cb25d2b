import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, onTestFinished } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { emptyDatabase } from '../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../testing/postgres/test-database.ts'
import { describeServiceStores } from './conformance/index.ts'
import type { MakeStore } from './conformance/make-store.ts'

/** Opens stores over one database, as the processes of one test. */
const makeOver =
  (urlOf: () => string): MakeStore =>
  async (options) => {
    const store = await openStore(urlOf(), options)
    onTestFinished(() => store.close())
    return store
  }

describe('the SQLite store', () => {
  let url = ''
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'mianmi-service-stores-'))
    url = `file:${join(folder, 'test.db')}`
    return () => rmSync(folder, { recursive: true })
  })
  describeServiceStores(makeOver(() => url))
})

describePostgres('the PostgreSQL store', () => {
  let url = ''
  let client: pg.Client
  beforeAll(async () => {
    url = await createTestDatabase()
    client = new pg.Client(url)
    await client.connect()
  })
  afterAll(() => client?.end())
  beforeEach(() => emptyDatabase(client))
  describeServiceStores(makeOver(() => url))
})
