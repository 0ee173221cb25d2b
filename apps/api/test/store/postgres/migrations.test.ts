import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { migrateDatabase, postgresMigrations } from '../../../testing/postgres/migrate-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { waitingDelivery } from '../waiting-delivery.ts'
import { hour, now, openNode } from './nodes.ts'

const journal = 'meta/_journal.json'
const starts = 8

/** A folder with the first migrations, and one more of these statements where they are given. */
function folderOf(count: number, statements?: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(postgresMigrations, folder, { recursive: true })
  const { entries, ...rest } = JSON.parse(readFileSync(join(folder, journal), 'utf8'))
  const kept = entries.slice(0, count)
  if (statements) {
    writeFileSync(join(folder, 'next.sql'), statements.join('\n--> statement-breakpoint\n'))
    kept.push({ idx: count, version: '7', when: 4_102_444_800_000, tag: 'next', breakpoints: true })
  }
  writeFileSync(join(folder, journal), JSON.stringify({ ...rest, entries: kept }))
  return folder
}

const all: { tag: string }[] = JSON.parse(
  readFileSync(join(postgresMigrations, journal), 'utf8'),
).entries

describePostgres('a start on PostgreSQL', () => {
  let cluster: string
  let databases = 0
  beforeAll(async () => {
    cluster = await createTestDatabase({ durable: true })
  })

  /** An empty database that has no table at all, and a connection that looks at it. */
  async function createEmpty() {
    const admin = new pg.Client({ connectionString: cluster })
    await admin.connect()
    const name = `${new URL(cluster).pathname.slice(1)}_${databases++}`
    await admin.query(`create database ${name}`)
    await admin.end()
    const url = cluster.replace(/[^/]*$/, name)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    onTestFinished(() => client.end())
    const rows = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows
    return { url, rows }
  }

  it('applies every migration once, of eight at the same time on an empty database', async () => {
    for (let round = 0; round < 10; round++) {
      const { url, rows } = await createEmpty()
      const applied = await Promise.all(Array.from({ length: starts }, () => migrateDatabase(url)))
      expect(applied.sort()).toEqual([...Array(starts - 1).fill(0), all.length])
      expect(await rows('select count(*) from applied_migrations')).toEqual([[String(all.length)]])
      expect(await rows('select name from locks')).toEqual([])
    }
  })

  it('leaves deliveries that wait in a database without the outbox, to be sent before later ones of the user', async () => {
    const { url, rows } = await createEmpty()
    await migrateDatabase(url, folderOf(6))
    await rows(waitingDelivery)
    await migrateDatabase(url)
    const { serviceUsers, webhookDeliveries } = (await openNode(url)).stores
    await serviceUsers.update('u', { externalId: '42', at: now })
    await webhookDeliveries.fanOut()
    const claim = { webhookId: 'w', now, leaseUntil: now + hour, limit: 9 }
    const claimed = await webhookDeliveries.claim({ ...claim, lease: 'first' })
    expect(claimed).toMatchObject([{ eventId: 'evt_1', type: 'user.created', body: '{}' }])
    const outcome = { id: claimed[0]?.id ?? '', outcome: 'delivered' } as const
    await webhookDeliveries.settle('first', [outcome], now)
    expect(await webhookDeliveries.claim({ ...claim, lease: 'second' })).toMatchObject([
      { type: 'user.updated' },
    ])
  })

  it('applies the last migration once, of eight at the same time on the version before', async () => {
    for (let round = 0; round < 10; round++) {
      const { url, rows } = await createEmpty()
      await migrateDatabase(url, folderOf(all.length - 1))
      const applied = await Promise.all(Array.from({ length: starts }, () => migrateDatabase(url)))
      expect(applied.sort()).toEqual([...Array(starts - 1).fill(0), 1])
      expect(await rows('select count(*) from applied_migrations')).toEqual([[String(all.length)]])
    }
  })

  it('leaves nothing when it is killed in the middle, and the next one goes on', async () => {
    const { url, rows } = await createEmpty()
    await migrateDatabase(url)
    const pauses = Array.from({ length: 200 }, () => 'select pg_sleep(0.05)')
    const slow = folderOf(all.length, ['create table half (id bigint)', ...pauses])
    const script = fileURLToPath(
      new URL('../../../testing/postgres/migrate-process.ts', import.meta.url),
    )
    const child = spawn(process.execPath, ['--experimental-strip-types', script, url, slow], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const sleeping = `select count(*) from pg_stat_activity
      where datname = current_database() and query like '%pg_sleep%' and pid <> pg_backend_pid()`
    await expect.poll(() => rows(sleeping)).toEqual([['1']])
    child.kill('SIGKILL')

    const next = folderOf(all.length, ['create table half (id bigint)'])
    expect(await migrateDatabase(url, next)).toBe(1)
    expect(await rows(`select to_regclass('half')::text`)).toEqual([['half']])
    expect(await rows('select name from locks')).toEqual([])
  })

  it('has no limit of time of the role or the database but one for standing still', async () => {
    const { url, rows } = await createEmpty()
    const limits = [
      'statement_timeout',
      'lock_timeout',
      'idle_in_transaction_session_timeout',
    ] as const
    for (const limit of limits)
      await rows(`alter database ${new URL(url).pathname.slice(1)} set ${limit} = '1h'`)
    const settings = limits.map((limit) => `current_setting('${limit}') as ${limit}`)
    const next = folderOf(all.length, [`create table limits_of as select ${settings.join(',')}`])
    await migrateDatabase(url, next)
    expect(await rows('select * from limits_of')).toEqual([['0', '2s', '10s']])
  })

  it('leaves nothing when a migration fails', async () => {
    const { url, rows } = await createEmpty()
    const broken = folderOf(all.length, ['create table half (id bigint)', 'select 1 / 0'])
    await expect(migrateDatabase(url, broken)).rejects.toMatchObject({ code: '22012' })
    expect(await rows(`select to_regclass('users'), to_regclass('half')`)).toEqual([[null, null]])
    expect(await migrateDatabase(url)).toBe(all.length)
  })

  it('works on the database of a newer version', async () => {
    const { url } = await createEmpty()
    await migrateDatabase(url, folderOf(all.length, ['create table newer (id bigint)']))
    expect(await migrateDatabase(url)).toBe(0)
  })

  it('waits no longer than two seconds for a table, and comes again', async () => {
    const { url } = await createEmpty()
    await migrateDatabase(url)
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    onTestFinished(() => holder.end())
    await holder.query('begin')
    await holder.query('select 1 from users')
    const migrated = migrateDatabase(
      url,
      folderOf(all.length, ['alter table users add column extra bigint']),
    )
    // A statement that comes after the waiting one is not held up for long.
    const waiting = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'alter table users%'`
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    onTestFinished(() => other.end())
    await expect
      .poll(async () => Number((await other.query(waiting)).rows[0].count), { interval: 20 })
      .toBe(1)
    await other.query('select 1 from users')
    await holder.query('commit')
    expect(await migrated).toBe(1)
  })
})
