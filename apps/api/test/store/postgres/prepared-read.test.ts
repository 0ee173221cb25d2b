import { beforeAll, expect, it } from 'vitest'
import { textArray } from '../../../src/store/postgres/connection/index.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { openClient, openNode } from './nodes.ts'

describePostgres('a statement of every call', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it('returns the columns as texts, and null for null', async () => {
    const { attempts } = (await openNode(url)).postgres
    const read = attempts.prepareRead(`select n, n = '2', 12::bigint, null::text
      from unnest($1::text[]) as n order by n`)
    const texts = ['2', 'ü "quoted" \\ {,}', '', 'null']
    expect(await read(textArray(texts))).toEqual([
      ['', 'f', '12', null],
      ['2', 't', '12', null],
      ['null', 'f', '12', null],
      ['ü "quoted" \\ {,}', 'f', '12', null],
    ])
    expect(await read('{}')).toEqual([])
  })

  it('is prepared once for each connection, also where its first run fails', async () => {
    const { attempts, reads, metrics } = (await openNode(`${url}?pool=1`)).postgres
    const read = attempts.prepareRead('select 12 / $1::int')
    await expect(read('0')).rejects.toMatchObject({ kind: 'fault', code: '22012' })
    expect(await read('4')).toEqual([['3']])
    expect(await read('6')).toEqual([['2']])
    expect(
      await reads.all(
        `select name from pg_prepared_statements where statement = 'select 12 / $1::int'`,
      ),
    ).toHaveLength(1)
    expect(metrics).toMatchObject({ connections: 1, inFlight: 0 })
  })

  it('runs without a name once a pooler keeps no prepared statements', async () => {
    const { attempts, reads } = (await openNode(`${url}?pool=1`)).postgres
    const read = attempts.prepareRead('select 13 / $1::int')
    expect(await read('13')).toEqual([['1']])
    await reads.run('deallocate all')
    // The pooler gave the connection to another server.
    const refused = await read('1').catch((error: unknown) => error)
    expect(refused).toMatchObject({ kind: 'unnamed', code: '26000' })
    attempts.failed(refused as Parameters<typeof attempts.failed>[0])
    expect([await read('1'), await read('13')]).toEqual([[['13']], [['1']]])
  })

  it('uses one connection after another, and a new one after an idle one was closed', async () => {
    const { attempts, metrics } = (await openNode(`${url}?pool=1`)).postgres
    const read = attempts.prepareRead('select $1::text, pg_backend_pid()')
    const [first] = await read('a')
    expect(await read('b')).toEqual([['b', first?.[1]]])
    const client = await openClient(url)
    await client.query('select pg_terminate_backend($1)', [first?.[1]])
    await expect.poll(() => metrics.disconnects).toBe(1)
    const [next] = await read('c')
    expect(next?.[0]).toBe('c')
    expect(next?.[1]).not.toBe(first?.[1])
    expect(metrics).toMatchObject({ connections: 2, inFlight: 0 })
  })

  it('loses its connection when the reply takes too long', async () => {
    const { attempts, metrics } = (await openNode(`${url}?pool=1&timeout=300`)).postgres
    const read = attempts.prepareRead(
      'select $1::text from pg_sleep(case $1 when $$late$$ then 60 else 0 end)',
    )
    await expect(read('late')).rejects.toMatchObject({ kind: 'lost' })
    expect(await read('in time')).toEqual([['in time']])
    expect(metrics).toMatchObject({ connections: 2, disconnects: 1, inFlight: 0 })
  })

  it('waits for the connection that another call uses', async () => {
    const { attempts, writes } = (await openNode(`${url}?pool=1`)).postgres
    const read = attempts.prepareRead('select $1::text')
    const results = await Promise.all([
      read('1'),
      writes.run('select 1'),
      read('2'),
      read('3'),
      writes.run('select 1'),
    ])
    expect(results).toEqual([[['1']], 1, [['2']], [['3']], 1])
  })
})
