import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import {
  openPostgres,
  type Postgres,
  PostgresOpenError,
} from '../../../src/store/postgres/connection/index.ts'
import { findPostgres } from '../../../testing/postgres/binaries.ts'
import { type Cluster, startCluster } from '../../../testing/postgres/cluster.ts'
import { describePostgres } from '../../../testing/postgres/test-database.ts'
import { openClient } from './nodes.ts'

/** The connections of a node, until the test ends. */
async function open(url: string): Promise<Postgres> {
  const postgres = await openPostgres(url)
  onTestFinished(() => postgres.close())
  return postgres
}

describePostgres('a PostgreSQL server that refuses the login of the service', () => {
  let cluster: Cluster
  let url: string
  let client: pg.Client
  beforeAll(async () => {
    cluster = await startCluster({ bin: findPostgres() ?? '', durable: false })
    url = `postgres://app:first@127.0.0.1:${cluster.port}/app`
    const rules = join(cluster.folder, 'data', 'pg_hba.conf')
    await writeFile(
      rules,
      `host all app 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`,
    )
  })
  afterAll(() => cluster?.stop())
  beforeEach(async () => {
    client = await openClient(cluster.url('postgres'))
    await client.query('select pg_reload_conf()')
    await client.query('drop database if exists app with (force)')
    await client.query('drop database if exists gone with (force)')
    await client.query('drop role if exists app')
    await client.query("create role app login password 'first'")
    await client.query('create database app owner app')
  })

  const connections = async (): Promise<number> =>
    (await client.query("select 1 from pg_stat_activity where usename = 'app'")).rows.length
  const terminate = async (): Promise<void> => {
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'",
    )
    await expect.poll(connections).toBe(0)
  }
  const callsOf = ({ reads, writes, transaction }: Postgres) => [
    () => reads.run('select 1'),
    () => writes.run('select 1'),
    () => transaction([], (tx) => tx.run('select 1')),
  ]

  it.each([
    [
      '55000',
      'alter database app allow_connections false',
      'alter database app allow_connections true',
    ],
    ['3D000', 'alter database app rename to gone', 'alter database gone rename to app'],
    ['28000', 'alter role app nologin', 'alter role app login'],
    ['28P01', "alter role app password 'second'", "alter role app password 'first'"],
  ])(
    'with %s: calls are "overloaded", a start is refused in one line',
    async (code, refuse, allow) => {
      const postgres = await open(url)
      const calls = callsOf(postgres)
      for (const call of calls) expect(await call()).toBe(1)
      await terminate()
      await client.query(refuse)
      for (const call of [...calls, ...calls])
        await expect(call()).rejects.toMatchObject({ reason: 'overloaded', retryAfter: 1 })
      for (const call of calls)
        await expect.poll(() => call().catch(({ cause }) => cause.code)).toBe(code)
      const error = await openPostgres(url).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(PostgresOpenError)
      expect(String(error)).toMatch(new RegExp(`cannot be reached: [^\\n]*\\(${code}\\)$`))
      await client.query(allow)
      for (const call of calls) await expect.poll(() => call().catch(() => null)).toBe(1)
      expect(postgres.metrics.inFlight).toBe(0)
    },
  )

  it('ends idle connections (idle_session_timeout), and calls are done or "overloaded"', async () => {
    const postgres = await open(url)
    // From the next connection on: a start on a busy machine may itself be idle for longer.
    await client.query('alter role app set idle_session_timeout = 20')
    await terminate()
    for (let round = 0; round < 10; round++) {
      for (const call of callsOf(postgres))
        expect([1, 'overloaded']).toContain(await call().catch(({ reason }) => reason))
      if (round % 2 === 0) await expect.poll(connections).toBe(0)
    }
    expect(postgres.metrics.disconnects).toBeGreaterThan(0)
  })

  it('makes a node unable to write, also where its connections for reads are still open', async () => {
    const postgres = await open(url)
    await client.query('alter database app allow_connections false')
    expect(await postgres.reads.run('select 1')).toBe(1)
    await expect(postgres.requireWritable()).rejects.toMatchObject({ kind: 'lost', code: '55000' })
    await client.query('alter database app allow_connections true')
    await postgres.requireWritable()
    await client.query('alter database app allow_connections false')
    await postgres.requireWritable()
  })

  it.each([1, 3, 8])(
    'with %i connections: only a free one for transactions can write',
    async (pool) => {
      const postgres = await open(`${url}?pool=${pool}`)
      await postgres.requireWritable()
      const [checks, holders] = [5, pool === 8 ? 4 : 1]
      let free = (): void => {}
      const held = new Promise<void>((resolve) => {
        free = resolve
      })
      const holding = Array.from({ length: holders }, () => postgres.alone(() => held))
      const results = await Promise.allSettled(
        Array.from({ length: checks }, () => postgres.requireWritable()),
      )
      for (const { status } of results) expect(status).toBe('rejected')
      free()
      await Promise.all(holding)
      await postgres.requireWritable()
      await expect.poll(() => postgres.metrics.inFlight).toBe(0)
    },
  )
})
