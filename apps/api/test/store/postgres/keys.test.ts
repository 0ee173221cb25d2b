import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { reseal } from '../../../src/reseal/reseal.ts'
import { sealedTables } from '../../../src/store/postgres/keys/sealed-tables.ts'
import { openPostgresStore } from '../../../src/store/postgres/open-postgres-store.ts'
import { createAccessTokens } from '../../../src/tokens/access-tokens.ts'
import { createAuditKeySealer } from '../../../src/tokens/audit-key-sealer.ts'
import { UnlistedKeyError } from '../../../src/tokens/claim-database.ts'
import { createKeyRing } from '../../../src/tokens/key-ring.ts'
import { openKeys } from '../../../src/tokens/open-keys.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'
import { createSessionKeyVault } from '../../../src/tokens/session-key-vault.ts'
import { watchKeys } from '../../../src/tokens/watch-keys.ts'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))
const hour = 3_600_000
const issuer = 'https://mianmi.example'
const [former, next] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

describePostgres('the keys of several nodes', () => {
  let url: string
  let client: pg.Client
  beforeAll(async () => {
    url = await createTestDatabase()
    client = new pg.Client(url)
    await client.connect()
  })
  beforeEach(() => emptyDatabase(client))
  afterAll(() => client?.end())

  /** A node that has started with this SECRET_KEY. */
  async function startNode(...secrets: readonly [Uint8Array, ...Uint8Array[]]) {
    const root = createRootKey(...secrets)
    const store = await openPostgresStore(url, {
      migrations,
      phones: createPhoneSealer(root),
      auditKeys: createAuditKeySealer(root),
      appIds: ['wx1'],
      issuer,
      onError: (error) => {
        throw error
      },
    })
    onTestFinished(() => store.close())
    const now = store.now()
    const lifetimes = { accessTokenTtl: hour, refreshTokenTtl: 24 * hour, now }
    const loaded = await openKeys(store, root, lifetimes)
    await store.audit.open()
    const ring = { accessTokenTtl: hour, now: store.now }
    const keys = createKeyRing(loaded, { ...store, root }, ring)
    const tokens = createAccessTokens({ keys, issuer, ttl: hour })
    const vault = createSessionKeyVault(root)
    return { root, store, tokens, kid: loaded.signing.kid, now, vault }
  }
  type Node = Awaited<ReturnType<typeof startNode>>

  const claims = { sessionId: 's', userId: 'u', appId: 'wx1' }
  const isVerified = async ({ tokens }: Node, token: string, now: number): Promise<boolean> =>
    (await tokens.verifyAccess(token, now)) !== null
  const signBy = async ({ tokens, now }: Node): Promise<string> =>
    (await tokens.signAccess(claims, now)).token

  async function bindPhone({ store, vault, now }: Node, id: string) {
    const owner = { appId: 'wx1', openid: `openid of ${id}` }
    const identity = { ...owner, unionid: null, key: vault.seal(owner, `session key of ${id}`) }
    const user = { id, account: null, accountKey: null, passwordHash: null, createdAt: now }
    const session = {
      ...{ id: `session of ${id}`, secret: 'secret', appId: 'wx1', device: null },
      ...{ createdAt: now, expiresAt: now + hour },
    }
    const rules = { appIds: ['wx1'], phoneTrust: hour, now }
    const claim = { identity, ticketHash: null }
    const phone = '13912345678'
    return store.identities.bindPhone({ claim, phone, proof: 'proof', user, session, rules })
  }

  it('are the same for four that start at the same time: each verifies what another has signed', async () => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => startNode(former)))
    expect(new Set(nodes.map(({ kid }) => kid)).size).toBe(1)
    const tokens = await Promise.all(nodes.map(signBy))
    const now = nodes[0]?.now ?? 0
    for (const node of nodes)
      expect(await Promise.all(tokens.map((token) => isVerified(node, token, now)))).toEqual(
        Array(4).fill(true),
      )
  })

  it('are changed node by node, and no token that lives is refused by any node', async () => {
    const steps = [[former], [former, next], [next, former]] as [Uint8Array, ...Uint8Array[]][]
    let nodes = [await startNode(former), await startNode(former), await startNode(former)]
    const tokens: string[] = []
    const check = async () => {
      for (const node of nodes) tokens.push(await signBy(node))
      const now = nodes[0]?.now ?? 0
      for (const node of nodes)
        for (const token of tokens) expect(await isVerified(node, token, now)).toBe(true)
    }
    await check()
    for (const secrets of steps.slice(1))
      for (const index of [0, 1, 2]) {
        const node = await startNode(...secrets)
        nodes = nodes.with(index, node)
        await check()
      }
    const [first] = nodes
    if (!first) throw new Error('a node')
    expect(await reseal(first.store, first.root, { report: () => {} })).toMatchObject({
      isComplete: true,
    })
    for (const index of [0, 1, 2]) {
      nodes = nodes.with(index, await startNode(next))
      await check()
    }
    await expect(startNode(former)).rejects.toThrow(UnlistedKeyError)
    expect(await nodes[0]?.store.audit.verify()).toMatchObject({ fault: null })
  })

  it('of a successor verify at a node that was restarted with only the former SECRET_KEY', async () => {
    const other = await startNode(former, next)
    const late = await startNode(former)
    await startNode(former, next)
    const successor = await startNode(next, former)
    const token = await signBy(successor)
    for (const node of [other, late]) {
      expect(await isVerified(node, token, node.now)).toBe(true)
      expect(await isVerified(successor, await signBy(node), node.now)).toBe(true)
    }
  })

  it('refuse one of two first starts with different keys', async () => {
    const starts = await Promise.allSettled([startNode(former), startNode(next)])
    expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('seal everything again, and what cannot be opened is left or discarded', async () => {
    const before = await startNode(former)
    expect(await bindPhone(before, 'ming')).toMatchObject({ status: 'bound' })
    const during = await startNode(next, former)
    const result = await reseal(during.store, during.root, { report: () => {} })
    expect(result).toMatchObject({ isComplete: true, unreadable: {}, discarded: {} })
    // The number, the session key, the signing keys, the key of the audit log.
    expect(result.resealed).toBeGreaterThanOrEqual(4)
    const alone = await startNode(next)
    expect((await alone.store.users.findByPhone('13912345678'))?.id).toBe('ming')
    expect(await alone.store.people.phoneOf('ming')).toBe('13912345678')
    const kept = await alone.store.identities.sessionKeys({ userId: 'ming', appId: 'wx1' })
    const owner = { appId: 'wx1', openid: 'openid of ming' }
    expect(kept?.keys.map((sealed) => alone.vault.open(owner, sealed))).toEqual([
      'session key of ming',
    ])

    await client.query(
      `update users set sealed_phone = 'v1.broken'; update audit_chain set sealed_key = 'v1.broken'`,
    )
    const left = await reseal(alone.store, alone.root, { report: () => {} })
    expect(left).toMatchObject({ isComplete: false, unreadable: { users: 1, audit_chain: 1 } })
    const discarded = await reseal(alone.store, alone.root, { report: () => {}, discard: true })
    expect(discarded.discarded).toEqual({ users: 1, audit_chain: 1 })
    const { rows } = await client.query('select phone, phone_key, sealed_phone from users')
    expect(rows).toEqual([{ phone: null, phone_key: null, sealed_phone: null }])
    // The next start begins a first chain.
    const again = await startNode(next)
    expect(await again.store.audit.open()).toEqual({ restartedAt: null, isNew: true })
    expect(await again.store.audit.verify()).toMatchObject({ fault: null })
  })

  it('are recorded again by a node that reseal did not know of, and the next reseal tells it', async () => {
    const left = await startNode(former)
    const during = await startNode(next, former)
    const lines: string[] = []
    const report = (line: string): void => void lines.push(line)
    expect(await reseal(during.store, during.root, { report })).toMatchObject({ isComplete: true })
    expect(lines.join()).not.toContain('has written under another key')
    const alone = await startNode(next)

    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const warnings: string[] = []
    const stop = watchKeys(left.store.rootKeys, left.root, {
      now: left.store.now,
      warn: (line) => void warnings.push(line),
      onError: (error) => warnings.push(String(error)),
    })
    onTestFinished(stop)
    await vi.advanceTimersByTimeAsync(60_000)
    await expect.poll(() => left.store.rootKeys.used()).toEqual([alone.root.id, left.root.id])
    expect(warnings.join()).toContain('reseal has retired the key')
    await expect(startNode(next)).rejects.toThrow(UnlistedKeyError)
    expect(await reseal(during.store, during.root, { report })).toMatchObject({ isComplete: true })
    expect(lines.join()).toContain('has written under another key')
    await startNode(next)
  })

  it('seal a number of a merge again, and leave a row that was changed meanwhile', async () => {
    const { store } = await startNode(former)
    await client.query(`insert into users (id, created_at) values ('kept', 1), ('gone', 1);
      insert into merges (id, kept_user_id, gone_user_id, operator_id, merged_at, undo_until, moved) values
        ('m', 'kept', 'gone', 'root', 1, 2, '{"phone":"139","phoneKey":"k","sealedPhone":"s","phoneProvenAt":3,"other":4}')`)
    const range = { after: null, limit: 9, listed: [] }
    const [row] = await store.sealedRows.page('merges', range)
    expect(row?.columns).toEqual({ sealed: 's', phoneKey: 'k', userId: 'gone' })
    if (row === undefined) throw new Error('the row of the merge')
    const to = { sealed: 't', phoneKey: 'l' }
    expect(await store.sealedRows.replace('merges', [{ row, to }])).toEqual(['done'])
    expect(await store.sealedRows.replace('merges', [{ row, to }])).toEqual(['outdated'])
    const moved = async () =>
      JSON.parse((await client.query('select moved from merges')).rows[0].moved)
    expect(await moved()).toMatchObject({ sealedPhone: 't', phoneKey: 'l', phone: '139', other: 4 })
    const [changed] = await store.sealedRows.page('merges', range)
    if (changed === undefined) throw new Error('the row of the merge')
    await store.sealedRows.replace('merges', [{ row: changed, to: null }])
    const none = { phone: null, phoneKey: null, sealedPhone: null, phoneProvenAt: null }
    expect(await moved()).toEqual({ ...none, other: 4 })
  })

  it('tell that another user has a number', async () => {
    const { store } = await startNode(former)
    await client.query(`insert into users (id, created_at, phone_key, sealed_phone) values
      ('a', 1, 'key a', 'sealed a'), ('b', 1, 'key b', 'sealed b')`)
    const rows = await store.sealedRows.page('users', { after: null, limit: 9, listed: [] })
    const to = { sealed: 'new', phoneKey: 'key b' }
    expect(
      await store.sealedRows.replace(
        'users',
        rows.map((row) => ({ row, to })),
      ),
    ).toEqual(['taken', 'done'])
  })

  it('name every sealed column of the database', async () => {
    const { rows } = await client.query<{ table: keyof typeof sealedTables; column: string }>(
      `select table_name as "table", column_name as "column" from information_schema.columns
       where table_schema = current_schema() and (column_name like 'sealed%'
         or column_name in ('pending_secret', 'previous_key', 'phone_key'))`,
    )
    expect(rows.length).toBeGreaterThan(8)
    for (const { table, column } of rows)
      expect(Object.values(sealedTables[table].written), table).toContain(column)
  })
})
