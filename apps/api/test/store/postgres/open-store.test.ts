import { fileURLToPath } from 'node:url'
import { blankImport } from '@mianmi/core/testing'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { openPostgresStore } from '../../../src/store/postgres/open-postgres-store.ts'
import type { Store, StoreOptions } from '../../../src/store/store.ts'
import { createAuditKeySealer } from '../../../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))
const root = createRootKey(new Uint8Array(32))

async function openStore(url: string, change: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openPostgresStore(url, {
    migrations,
    phones: createPhoneSealer(root),
    auditKeys: createAuditKeySealer(root),
    appIds: ['wx1'],
    issuer: 'https://mianmi.example',
    onError: (error) => {
      throw error
    },
    ...change,
  })
  onTestFinished(() => store.close())
  return store
}

/** A database with no table. */
async function createEmpty(): Promise<string> {
  const url = await createTestDatabase()
  const client = new pg.Client(url)
  await client.connect()
  await client.query('drop schema public cascade; create schema public')
  await client.end()
  return url
}

describePostgres('the store on PostgreSQL', () => {
  it('brings an empty database up to date at its start, and is ready', async () => {
    const url = await createEmpty()
    const store = await openStore(url)
    await store.health.ready()
    expect(await store.health.bytes()).toBeGreaterThan(1_000_000)
    expect(Math.abs(store.now() - Date.now())).toBeLessThan(60_000)
    expect(store.measures?.()).toMatchObject({ inFlight: 0, connections: expect.any(Number) })
  })

  it('writes what it holds when it is closed, and may be closed twice', async () => {
    const url = await createTestDatabase()
    const store = await openStore(url)
    await store.audit.open()
    const event = { action: 'bind', outcome: 'ok', userId: null, appId: 'wx1' } as const
    store.audit.record({ ...event, at: store.now(), origin: null })
    store.wechatCounter.add({ appId: 'wx1', path: '/x', errcode: 0, durationMs: 3 })
    await store.close()
    await store.close()
    const client = new pg.Client(url)
    await client.connect()
    onTestFinished(() => client.end())
    const { rows } = await client.query(
      `select (select count(*) from audit_events) as lines, (select sum(count) from daily_counts) as counted,
         (select sum(count) from wechat_counts) as answers`,
    )
    expect(rows).toEqual([{ lines: '1', counted: '1', answers: '1' }])
  })

  it('an import by a command waits for a lock for longer than a call', async () => {
    const url = await createTestDatabase()
    const store = await openStore(url, { issuer: '', appIds: [], lockWaitMs: 30_000 })
    const client = new pg.Client(url)
    await client.connect()
    onTestFinished(() => client.end())
    await client.query('begin')
    await client.query(`insert into users (id, external_id, created_at) values ('other', '7', 1)`)
    const user = { ...blankImport, externalId: '7' }
    const imported = store.transfer.importUsers([{ user, newId: 'new', now: 1 }])
    const longestWait = async (): Promise<number> => {
      const { rows } = await client.query(
        `select coalesce(max(extract(epoch from clock_timestamp() - state_change)), 0)::float as seconds
         from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows[0].seconds
    }
    // A call of the service would have given up.
    await expect.poll(longestWait).toBeGreaterThan(1.2)
    await client.query('rollback')
    expect(await imported).toEqual([{ status: 'created', userId: 'new' }])
  })

  it('warns a node that starts with another ISSUER or other apps than a running one, and a command of nothing', async () => {
    const url = await createTestDatabase()
    const warnings: string[] = []
    const onWarning = (line: string) => void warnings.push(line)
    await openStore(url, { onWarning })
    await openStore(url, { onWarning })
    await openStore(url, { onWarning, issuer: '', appIds: [] })
    expect(warnings).toEqual([])
    await openStore(url, { onWarning, issuer: 'https://other.example', appIds: ['wx2'] })
    expect(warnings).toEqual([
      expect.stringMatching(/^ISSUER is https:\/\/other\.example here.*host mianmi\.example/),
      expect.stringMatching(/^WECHAT_APPS has the appids wx2 here/),
    ])
  })

  it('refuses a database whose schema it may not make, in one line', async () => {
    const url = await createEmpty()
    const client = new pg.Client(url)
    await client.connect()
    onTestFinished(() => client.end())
    const role = `reader_${process.pid}`
    await client.query(`create role ${role} login; grant usage on schema public to ${role}`)
    const refused = openStore(url.replace('mianmi@', `${role}@`))
    await expect(refused).rejects.toThrow(
      /^DATABASE_URL: the schema cannot be brought .*\(42501\)$/,
    )
  })
})
