import { beforeAll, expect, it } from 'vitest'
import type { Queries } from '../../../src/store/postgres/connection/index.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { openClient, openNode } from './nodes.ts'

describePostgres('a snapshot', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it('has no limit of time of the role or the database, because its reader may be slow', async () => {
    const client = await openClient(url)
    const { rows } = await client.query('select current_database() as name')
    for (const limit of ['statement_timeout', 'idle_in_transaction_session_timeout'])
      await client.query(`alter database "${rows[0].name}" set ${limit} = '1h'`)
    const { postgres } = await openNode(url)
    const setting = async function* (queries: Queries) {
      yield await queries.first(`select current_setting('transaction_isolation') as isolation,
        current_setting('transaction_read_only') as "readOnly", current_setting('statement_timeout') as statement,
        current_setting('idle_in_transaction_session_timeout') as idle`)
    }
    for await (const settings of postgres.snapshot(setting))
      expect(settings).toEqual({
        isolation: 'repeatable read',
        readOnly: 'on',
        statement: '0',
        idle: '0',
      })
  })

  it('whose connection breaks is refused as "overloaded", and the next one works', async () => {
    const { postgres } = await openNode(url)
    const client = await openClient(url)
    const read = async function* (queries: Queries) {
      for (;;) yield await queries.first<{ pid: number }>('select pg_backend_pid() as pid')
    }
    const broken = async () => {
      for await (const row of postgres.snapshot(read))
        await client.query('select pg_terminate_backend($1, 1000)', [row?.pid])
    }
    await expect(broken()).rejects.toMatchObject({ reason: 'overloaded' })
    for await (const row of postgres.snapshot(read)) {
      expect(row?.pid).toBeGreaterThan(0)
      break
    }
  })

  it('leaves no transaction open, also where its reader stops', async () => {
    const { postgres } = await openNode(url)
    const client = await openClient(url)
    const read = async function* (queries: Queries) {
      for (;;) yield await queries.first<{ pid: number }>('select pg_backend_pid() as pid')
    }
    let pid = 0
    for await (const row of postgres.snapshot(read)) {
      pid = row?.pid ?? 0
      break
    }
    const { rows } = await client.query('select state from pg_stat_activity where pid = $1', [pid])
    expect(rows).toEqual([{ state: 'idle' }])
  })
})
