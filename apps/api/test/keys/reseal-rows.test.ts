import { expect, it } from 'vitest'
import { reseal } from '../../src/reseal/reseal.ts'
import { createResealers } from '../../src/reseal/resealers.ts'
import { sealedTables } from '../../src/store/sqlite/keys/sealed-tables.ts'
import type { SealedTable } from '../../src/store/store.ts'
import { claimDatabase, UnlistedKeyError } from '../../src/tokens/claim-database.ts'
import { createWebhookSecrets } from '../../src/tokens/webhook-secrets.ts'
import {
  bindPhone,
  hour,
  keys,
  now,
  open,
  phone,
  rowsOf,
  rules,
  sessionOf,
} from './keyed-stores.ts'

it('the session key before the newest one is sealed again, also where the newest is under the first key', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const during = open(keys.newFirst)
  const owner = { appId: 'wx1', openid: 'openid of ming' }
  const identity = { ...owner, unionid: null, key: during.vault.seal(owner, 'the next key') }
  const use = { key: 'login', limit: 9, windowMs: hour, unwritten: 9, now }
  const session = sessionOf('ming again')
  expect(await during.identities.signIn({ identity, session, use })).toMatchObject({
    status: 'bound',
  })
  const result = await reseal(during, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ resealed: 2, isComplete: true })
  const alone = open(keys.onlyNew)
  const kept = await alone.identities.sessionKeys({ userId: 'ming', appId: 'wx1' })
  expect(kept?.keys.map((sealed) => alone.vault.open(owner, sealed))).toEqual([
    'the next key',
    'session key of ming',
  ])
})

it('both secrets of a webhook are sealed again, and one that no key opens is discarded with its webhook', async () => {
  const former = createWebhookSecrets(keys.onlyOld)
  const { webhooks } = open(keys.onlyOld)
  const draft = { url: 'https://receiver.example/', events: ['user.created'], at: now } as const
  const secret = former.newSecret()
  const sealed = former.seal('webhook-1', 'whsec_first')
  await webhooks.create({ ...draft, id: 'webhook-1', sealedSecret: sealed }, null)
  const sealedSecret = former.seal('webhook-1', secret)
  await webhooks.rotate({ id: 'webhook-1', sealedSecret, previousUntil: now + hour }, null)
  await webhooks.create({ ...draft, id: 'webhook-2', sealedSecret: 'of a lost key' }, null)
  const during = open(keys.newFirst)
  const options = { report: () => {} }
  expect(await reseal(during, keys.newFirst, options)).toMatchObject({
    ...{ resealed: 1, unreadable: { webhooks: 1 }, isComplete: false },
  })
  const discarding = { ...options, discard: true }
  expect(await reseal(during, keys.newFirst, discarding)).toMatchObject({
    ...{ discarded: { webhooks: 1 }, isComplete: true },
  })
  const alone = open(keys.onlyNew)
  expect(await alone.webhooks.list()).toMatchObject([{ id: 'webhook-1' }])
  await alone.webhooks.test({ id: 'webhook-1', at: now })
  const lease = { lease: 'lease', now, leaseUntil: now + hour, limit: 1 }
  const [claimed] = await alone.webhookDeliveries.claim({ webhookId: 'webhook-1', ...lease })
  const { open: unseal } = createWebhookSecrets(keys.onlyNew)
  const opened = claimed?.sealedSecrets.map((text) => unseal('webhook-1', text))
  expect(opened).toEqual([secret, 'whsec_first'])
})

it('every sealed column of the database is sealed again', () => {
  const { database } = open(keys.newFirst)
  const columns = database.sqlite
    .prepare(
      `select t.name as "table", c.name as "column" from pragma_table_list t
       join pragma_table_info(t.name) c where t.schema = 'main'
       and (c.name like 'sealed%' or c.name in ('pending_secret', 'previous_key', 'previous_secret', 'phone_key'))`,
    )
    .all() as { table: SealedTable; column: string }[]
  expect(columns.length).toBeGreaterThan(8)
  for (const { table, column } of columns)
    expect(sealedTables[table].set.includes(`${column} = :`), `${table}.${column}`).toBe(true)
  expect(Object.keys(sealedTables)).toEqual(Object.keys(createResealers(keys.newFirst)))
})

it('a run that was interrupted has recorded the key under which it wrote', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const store = open(keys.newFirst)
  await claimDatabase(store, keys.onlyOld, now)
  const report = (line: string): void => {
    if (line.startsWith('users')) throw new Error('interrupted')
  }
  await expect(reseal(store, keys.newFirst, { report })).rejects.toThrow('interrupted')
  for (const root of [keys.onlyOld, keys.onlyNew])
    await expect(claimDatabase(store, root, now)).rejects.toThrow(UnlistedKeyError)
  const result = await reseal(store, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ isComplete: true })
  await claimDatabase(store, keys.onlyNew, now)
})

it('a key that a process records again after reseal has retired it is told by the next reseal', async () => {
  const store = open(keys.newFirst)
  const lines: string[] = []
  const report = (line: string): void => void lines.push(line)
  await claimDatabase(store, keys.onlyOld, now)
  expect(await reseal(store, keys.newFirst, { report })).toMatchObject({ isComplete: true })
  expect(lines.join()).not.toContain('has written under another key')
  // As its watch of the keys does.
  await store.rootKeys.record(keys.onlyOld.id, Date.now() + hour)
  await expect(claimDatabase(store, keys.onlyNew, now)).rejects.toThrow(UnlistedKeyError)
  expect(await reseal(store, keys.newFirst, { report })).toMatchObject({ isComplete: true })
  expect(lines.join()).toContain('has written under another key')
  await claimDatabase(store, keys.onlyNew, now)
})

it('a fingerprint of a former key beside a number that is sealed under the first one is made again', async () => {
  const stores = open(keys.newFirst)
  await bindPhone(stores, 'ming')
  const old = stores.database.sqlite.prepare('update users set phone_key = ?')
  old.run(keys.onlyOld.mac('phone', phone))
  const result = await reseal(stores, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ resealed: 1, isComplete: true })
  expect(rowsOf(stores.database)).toMatchObject([{ key: keys.onlyNew.mac('phone', phone) }])
})

it('a row that the service changed after it was read is left to the next pass', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const stores = open(keys.newFirst)
  const resealers = createResealers(keys.newFirst)
  for (const table of ['identities', 'users'] as const) {
    const range = { after: null, limit: 1, listed: keys.newFirst.ids }
    const [row] = await stores.sealedRows.page(table, range)
    if (row === undefined) throw new Error(`${table} has a row`)
    const to = resealers[table].reseal(row.columns as never)
    expect(to).not.toBeNull()
    stores.database.sqlite.exec(
      table === 'users'
        ? "update users set phone_key = 'changed'"
        : `update ${table} set sealed_key = 'changed'`,
    )
    expect(
      await stores.sealedRows.replace(table, [
        { row, to },
        { row, to: null },
      ]),
    ).toEqual(['outdated', 'outdated'])
    expect(await stores.sealedRows.page(table, range)).toHaveLength(1)
  }
  expect(rowsOf(stores.database)).toMatchObject([{ key: 'changed' }])
})

it('what an earlier version sealed, which does not name its key, is opened and sealed again', async () => {
  const before = open(keys.onlyOld)
  await bindPhone(before, 'ming')
  const { sqlite } = before.database
  for (const [table, column] of [
    ['users', 'sealed_phone'],
    ['identities', 'sealed_key'],
  ])
    sqlite.exec(`update ${table} set ${column} = substr(${column}, instr(${column}, '.') + 1)`)
  const after = open(keys.newFirst)
  expect(await after.people.phoneOf('ming')).toBe(phone)
  const result = await reseal(after, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ resealed: 2, isComplete: true })
  const alone = open(keys.onlyNew)
  expect(await alone.people.phoneOf('ming')).toBe(phone)
  const kept = await alone.identities.sessionKeys({ userId: 'ming', appId: 'wx1' })
  const owner = { appId: 'wx1', openid: 'openid of ming' }
  expect(alone.vault.open(owner, kept?.keys[0] ?? '')).toBe('session key of ming')
  const { fingerprint } = alone.vault.seal(owner, 'session key of ming')
  const stored = alone.database.sqlite.prepare('select key_fingerprint from identities').pluck()
  expect(stored.get()).toBe(fingerprint)
})

it('what is discarded leaves nothing of a number, here or in a merge, and no session key', async () => {
  const before = open(keys.onlyOld)
  await bindPhone(before, 'gone')
  const { sqlite } = before.database
  sqlite.exec(`update identities set previous_key = sealed_key;
    insert into users (id, created_at) values ('kept', 1);
    insert into unionid_conflicts values ('u', 'gone', 'kept', 1)`)
  const order = { unionid: 'u', firstUserId: 'gone', secondUserId: 'kept', keepUserId: 'kept' }
  await before.merges.merge(order, { id: 'm', adminId: 'x', at: now, undoUntil: now + hour, rules })
  const moved = sqlite.prepare<[], string>('select moved from merges').pluck()
  const keptNumber = sqlite.prepare(
    `select phone, phone_key as phoneKey, sealed_phone as sealedPhone, phone_proven_at as phoneProvenAt
     from users where id = 'kept'`,
  )
  const number = { phone: expect.any(String), phoneProvenAt: now }
  expect([keptNumber.get(), JSON.parse(moved.get() ?? '')]).toMatchObject([number, number])
  const after = open(keys.onlyNew)
  const { identities, vault } = after
  const result = await reseal(after, keys.onlyNew, { report: () => {}, discard: true })
  expect(result).toMatchObject({
    isComplete: true,
    discarded: { users: 1, identities: 1, merges: 1 },
  })
  const none = { phone: null, phoneKey: null, sealedPhone: null, phoneProvenAt: null }
  expect([keptNumber.get(), JSON.parse(moved.get() ?? '')]).toMatchObject([none, none])
  const stored = await identities.sessionKeys({ userId: 'kept', appId: 'wx1' })
  const owner = { appId: 'wx1', openid: 'openid of gone' }
  expect(stored?.keys.map((sealed) => vault.open(owner, sealed))).toEqual([''])
})
