import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openPostgresStore } from '../../../src/store/postgres/open-postgres-store.ts'
import { createAccessTokens } from '../../../src/tokens/access-tokens.ts'
import { createAuditKeySealer } from '../../../src/tokens/audit-key-sealer.ts'
import { createKeyRing } from '../../../src/tokens/key-ring.ts'
import { openKeys } from '../../../src/tokens/open-keys.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'
import { findPostgres } from '../../../testing/postgres/binaries.ts'
import { type Cluster, startCluster } from '../../../testing/postgres/cluster.ts'
import { describePostgres } from '../../../testing/postgres/test-database.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))
const issuer = 'https://mianmi.example'
const hour = 3_600_000
const [former, next] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

/** A node, and what the service does of its start: see `service.ts`. */
async function startNode(url: string, ...secrets: readonly [Uint8Array, ...Uint8Array[]]) {
  const root = createRootKey(...secrets)
  const warnings: string[] = []
  let restore = async (): Promise<void> => {}
  const store = await openPostgresStore(url, {
    migrations,
    phones: createPhoneSealer(root),
    auditKeys: createAuditKeySealer(root),
    appIds: ['wx1'],
    issuer,
    onError: () => {},
    onWarning: (line) => void warnings.push(line),
    onRestored: () => restore(),
  })
  onTestFinished(() => store.close())
  const lifetimes = { accessTokenTtl: hour, refreshTokenTtl: hour }
  const loaded = await openKeys(store, root, { ...lifetimes, now: store.now() })
  const keys = createKeyRing(loaded, { ...store, root }, { ...lifetimes, now: store.now })
  restore = async () => {
    await store.rootKeys.record(root.id, store.now())
    await keys.restore()
  }
  await store.audit.open()
  const tokens = createAccessTokens({ keys, issuer, ttl: hour })
  const claims = { sessionId: 's', userId: 'u', appId: 'wx1' }
  const register = async (id: string): Promise<void> => {
    const now = store.now()
    const user = { id, account: id, accountKey: id, passwordHash: 'x', createdAt: now }
    const key = { sealed: 'sealed', fingerprint: id }
    const identity = { appId: 'wx1', openid: id, unionid: null, key }
    const session = { id: `session of ${id}`, appId: 'wx1', device: null, secret: 'secret' }
    const bound = await store.identities.register({
      ...{ claim: { identity, ticketHash: null }, user },
      session: { ...session, createdAt: now, expiresAt: now + hour },
    })
    expect(bound.status).toBe('bound')
    const event = { at: now, action: 'register', outcome: 'ok', userId: id, appId: 'wx1' } as const
    await store.audit.write({ ...event, origin: null })
  }
  return {
    ...{ store, root, warnings, register },
    sign: async () => (await tokens.signAccess(claims, store.now())).token,
    verifies: async (token: string) => (await tokens.verifyAccess(token, store.now())) !== null,
    has: async (id: string) => (await store.sessions.find(`session of ${id}`)) !== null,
    restorations: () => store.measures?.().restorations,
  }
}

describePostgres('a backup that is put back under running nodes', () => {
  const bin = findPostgres() ?? ''
  let cluster: Cluster
  let server: ChildProcess | undefined
  beforeAll(async () => {
    cluster = await startCluster({ bin })
  })
  afterAll(async () => {
    if (server !== undefined) {
      server.kill('SIGQUIT')
      await once(server, 'exit')
    }
    await cluster?.stop()
  })
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

  function backUp(): void {
    const made = spawnSync(
      join(bin, 'pg_basebackup'),
      ['-h', '127.0.0.1', '-p', `${cluster.port}`, '-U', 'mianmi', '-D', 'backup', '-c', 'fast'],
      { ...user, cwd: cluster.folder, encoding: 'utf8' },
    )
    expect(made.stderr).toBe('')
  }

  /** Puts the backup in the place of the database, and starts it on the same port. */
  async function putBack(): Promise<void> {
    process.kill(cluster.pid, 'SIGQUIT')
    const [data, backup] = ['data', 'backup'].map((name) => join(cluster.folder, name))
    const isGone = () => {
      try {
        return process.kill(cluster.pid, 0) ? 'runs' : 'gone'
      } catch {
        return 'gone'
      }
    }
    await expect.poll(isGone).toBe('gone')
    renameSync(data ?? '', join(cluster.folder, 'former'))
    renameSync(backup ?? '', data ?? '')
    const own = [`port=${cluster.port}`, 'listen_addresses=127.0.0.1', 'max_connections=200']
    const parameters = [...own, `unix_socket_directories=${cluster.folder}`]
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data ?? '', ...parameters.flatMap((setting) => ['-c', setting])],
      { ...user, cwd: cluster.folder, env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: 'ignore' },
    )
  }

  it('is noticed by each of them, and they go on with what the backup has', async () => {
    const url = cluster.url('postgres')
    const earlier = await startNode(url, former)
    await earlier.register('kept')
    backUp()
    await earlier.store.close()
    // The key that the second one signs with is not in the backup.
    const left = await startNode(url, former, next)
    const right = await startNode(url, next, former)
    await left.register('lost')
    const before = await right.sign()
    const nodes = [left, right]
    for (const { store, restorations } of nodes) {
      await store.health.ready()
      expect(restorations()).toBe(0)
    }
    await putBack()
    for (const { store, warnings, restorations } of nodes) {
      await expect
        .poll(async () => {
          await store.health.ready().catch(() => {})
          return restorations()
        })
        .toBe(1)
      expect(warnings).toEqual([expect.stringContaining('the database is an older copy')])
    }
    for (const { has, store } of nodes) {
      await store.health.ready()
      expect([await has('kept'), await has('lost')]).toEqual([true, false])
    }
    const used = await left.store.rootKeys.used()
    expect(new Set(used)).toEqual(new Set([left.root.id, right.root.id]))
    // Tokens from now on verify at each node, and earlier ones where their key is in memory.
    for (const signer of nodes)
      for (const { verifies } of nodes) expect(await verifies(await signer.sign())).toBe(true)
    expect(await right.verifies(before)).toBe(true)
    await right.register('new')
    await left.register('lost')
    expect([await left.has('new'), await right.has('lost')]).toEqual([true, true])
    expect(await left.store.audit.verify()).toMatchObject({ fault: null })
    for (const { restorations } of nodes) expect(restorations()).toBe(1)
  })
})
