import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '@mianmi/core'
import { conflictKey } from '@mianmi/core/admin'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { reseal } from '../../src/reseal/reseal.ts'
import { listSealedTables } from '../../src/reseal/sealed-tables.ts'
import {
  createIdentityStore,
  createMergeStore,
  createPeopleStore,
  createTicketStore,
  createUserStore,
  type Database,
  openDatabase,
} from '../../src/store/index.ts'
import { claimDatabase, UnlistedKeyError } from '../../src/tokens/claim-database.ts'
import { createPhoneSealer } from '../../src/tokens/phone-sealer.ts'
import { createRootKey, type RootKey } from '../../src/tokens/root-key.ts'
import { createSessionKeyVault } from '../../src/tokens/session-key-vault.ts'
import { earlier, migrations } from '../store/earlier-migrations.ts'

const secretOf = (fill: number) => new Uint8Array(32).fill(fill)
const now = 1_800_000_000_000
const hour = 3_600_000
const phone = '13912345678'
const rules = { appIds: ['wx1'], phoneTrust: hour, now }

let file = ''
let keys: { onlyOld: RootKey; oldFirst: RootKey; newFirst: RootKey; onlyNew: RootKey }
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  file = join(folder, 'test.db')
  const [a, b] = [secretOf(1), secretOf(2)]
  keys = {
    onlyOld: createRootKey(a),
    oldFirst: createRootKey(a, b),
    newFirst: createRootKey(b, a),
    onlyNew: createRootKey(b),
  }
})

/** The stores of a process with this SECRET_KEY. */
function open(root: RootKey) {
  const database = openDatabase(file, migrations, createPhoneSealer(root))
  onTestFinished(() => database.close())
  return {
    database,
    vault: createSessionKeyVault(root),
    tickets: createTicketStore(database),
    users: createUserStore(database),
    identities: createIdentityStore(database),
    merges: createMergeStore(database),
    people: createPeopleStore(database),
  }
}

const sessionOf = (id: string) => ({
  id: `session of ${id}`,
  secret: 'secret',
  appId: 'wx1',
  device: null,
  createdAt: now,
  expiresAt: now + hour,
})

function bindPhone({ identities, vault }: ReturnType<typeof open>, id: string) {
  const owner = { appId: 'wx1', openid: `openid of ${id}` }
  const identity = { ...owner, unionid: null, key: vault.seal(owner, `session key of ${id}`) }
  const user = { id, account: null, accountKey: null, passwordHash: null, createdAt: now }
  const claim = { identity, ticketHash: null }
  return identities.bindPhone({ claim, phone, proof: 'proof', user, session: sessionOf(id), rules })
}

const rowsOf = ({ sqlite }: Database) =>
  sqlite
    .prepare('select id, phone_key as key, sealed_phone as sealed from users order by id')
    .all() as {
    id: string
    key: string | null
    sealed: string | null
  }[]

it('one number that two processes bind at once, with the keys in different orders, is one user', async () => {
  for (const round of [1, 2, 3, 4]) {
    const [one, other] = [open(keys.oldFirst), open(keys.newFirst)]
    const calls = Array.from({ length: 16 }, (_, index) =>
      bindPhone(index % 2 === 0 ? one : other, `${round}-${index}`),
    )
    const results = await Promise.all(calls)
    expect(results.filter(({ status }) => status === 'bound')).toHaveLength(1)
    expect(results.filter(({ status }) => status === 'phone_rejected')).toHaveLength(15)
    expect(rowsOf(one.database).filter(({ key }) => key !== null)).toHaveLength(1)
    one.database.sqlite.exec('delete from users')
  }
})

it('a number is found under every key, and is moved to the first one when it is proven again', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const stores = open(keys.newFirst)
  expect((await stores.users.findByPhone(phone))?.id).toBe('ming')
  const search = { text: phone, phone, accountKey: phone }
  const filter = { search, limit: 10 } as Parameters<typeof stores.people.list>[0]
  expect((await stores.people.list(filter)).items).toMatchObject([{ id: 'ming' }])
  expect(await stores.people.phoneOf('ming')).toBe(phone)
  const caller = { sessionId: 'session of ming', userId: 'ming', now }
  const provenBy = { appId: 'wx1', openid: 'openid of ming' }
  await stores.users.setPhone({ caller, provenBy, phone, rules })
  const [row] = rowsOf(stores.database)
  expect(row?.key).toBe(keys.onlyNew.mac('phone', phone))
  expect(keys.onlyNew.open('phone', row?.sealed ?? '', 'ming')).toBe(phone)
})

it('of two users whom an earlier version gave one number, the last to prove it has it', async () => {
  await bindPhone(open(keys.onlyOld), 'before')
  await bindPhone(open(keys.onlyNew), 'after')
  const stores = open(keys.newFirst)
  const prove = stores.database.sqlite.prepare('update users set phone_proven_at = ? where id = ?')
  for (const [at, id] of [
    [now + 1, 'before'],
    [now + 2, 'after'],
    [now + 3, 'before'],
  ] as const) {
    prove.run(at, id)
    expect((await stores.users.findByPhone(phone))?.id).toBe(id)
  }
})

it.each([
  ['before everything is sealed again', false],
  ['after everything was sealed again', true],
])('the undo of a merge returns the number %s', async (_when, isResealed) => {
  const before = open(keys.onlyOld)
  await bindPhone(before, 'gone')
  const { sqlite } = before.database
  sqlite.prepare("insert into users (id, created_at) values ('kept', 1)").run()
  const conflict = conflictKey({ unionid: 'u', firstUserId: 'kept', secondUserId: 'gone' })
  sqlite
    .prepare('insert into unionid_conflicts values (?, ?, ?, ?)')
    .run('u', conflict.firstUserId, conflict.secondUserId, now)
  const order = { ...conflict, keepUserId: 'kept' }
  const merge = { id: 'm', adminId: 'administrator', at: now, undoUntil: now + hour, rules }
  expect(await before.merges.merge(order, merge)).toMatchObject({ id: 'm' })
  const during = open(keys.newFirst)
  if (isResealed)
    expect(await reseal(during.database, keys.newFirst, { report: () => {} })).toMatchObject({
      isComplete: true,
    })
  const after = isResealed ? open(keys.onlyNew) : during
  expect(await after.merges.undo('m', rules)).toBe('undone')
  expect(await after.people.phoneOf('gone')).toBe(phone)
  expect(await after.people.phoneOf('kept')).toBeNull()
  const { key, sealed } = rowsOf(after.database)[0] ?? {}
  expect(key).toBe(keys.onlyNew.mac('phone', phone))
  expect(keys.onlyNew.open('phone', sealed ?? '', 'gone')).toBe(phone)
})

it('a merge under a new key leaves no fingerprint of the former one', async () => {
  const before = open(keys.onlyOld)
  await bindPhone(before, 'gone')
  const after = open(keys.newFirst)
  const { sqlite } = after.database
  sqlite.prepare("insert into users (id, created_at) values ('kept', 1)").run()
  sqlite.prepare("insert into unionid_conflicts values ('u', 'gone', 'kept', 1)").run()
  const order = { unionid: 'u', firstUserId: 'gone', secondUserId: 'kept', keepUserId: 'kept' }
  await after.merges.merge(order, { id: 'm', adminId: 'x', at: now, undoUntil: now + hour, rules })
  const kept = rowsOf(after.database).find(({ id }) => id === 'kept')
  expect(kept?.key).toBe(keys.onlyNew.mac('phone', phone))
  expect(keys.onlyNew.open('phone', kept?.sealed ?? '', 'kept')).toBe(phone)
})

it('a ticket that was sealed again after it was found binds with the new text', async () => {
  const before = open(keys.onlyOld)
  const owner = { appId: 'wx1', openid: 'openid of lan' }
  const issue = (hash: string, sessionKey: string) => {
    const identity = { ...owner, unionid: null, key: before.vault.seal(owner, sessionKey) }
    return before.tickets.issue({ hash, identity, expiresAt: now + hour }, now)
  }
  await issue('first', 'one')
  await issue('second', 'two')
  const after = open(keys.newFirst)
  const found = await after.tickets.find({
    hash: 'first',
    now,
    ttl: hour,
    maxTries: 5,
    replayMs: 1,
  })
  expect(await reseal(after.database, keys.newFirst, { report: () => {} })).toMatchObject({
    isComplete: true,
  })
  const claim = { identity: found?.identity as Identity, ticketHash: 'first' }
  const user = { id: 'lan', account: null, accountKey: null, passwordHash: null, createdAt: now }
  expect(await after.identities.register({ claim, user, session: sessionOf('lan') })).toMatchObject(
    {
      status: 'bound',
    },
  )
  const alone = open(keys.onlyNew)
  const kept = await alone.identities.sessionKeys({ userId: 'lan', appId: 'wx1' })
  expect(kept?.keys.map((sealed) => alone.vault.open(owner, sealed))).toEqual(['two', 'one'])
})

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
  const result = await reseal(during.database, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ resealed: 2, isComplete: true })
  const alone = open(keys.onlyNew)
  const kept = await alone.identities.sessionKeys({ userId: 'ming', appId: 'wx1' })
  expect(kept?.keys.map((sealed) => alone.vault.open(owner, sealed))).toEqual([
    'the next key',
    'session key of ming',
  ])
})

it('every sealed column of the database is sealed again', () => {
  const { database } = open(keys.newFirst)
  const prepare = vi.spyOn(database.sqlite, 'prepare')
  listSealedTables(database, keys.newFirst)
  const updates = prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.startsWith('update'))
  prepare.mockRestore()
  const columns = database.sqlite
    .prepare(
      `select t.name as "table", c.name as "column" from pragma_table_list t
       join pragma_table_info(t.name) c where t.schema = 'main'
       and (c.name like 'sealed%' or c.name in ('pending_secret', 'previous_key', 'phone_key'))`,
    )
    .all() as { table: string; column: string }[]
  expect(columns.length).toBeGreaterThan(8)
  for (const { table, column } of columns) {
    const sets = updates.filter((sql) => sql.startsWith(`update ${table} set `))
    expect(
      sets.some((sql) => sql.includes(`${column} = :`)),
      `${table}.${column}`,
    ).toBe(true)
  }
})

it('a run that was interrupted has recorded the key under which it wrote', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const { database } = open(keys.newFirst)
  claimDatabase(database, keys.onlyOld, now)
  const report = (line: string): void => {
    if (line.startsWith('users')) throw new Error('interrupted')
  }
  await expect(reseal(database, keys.newFirst, { report })).rejects.toThrow('interrupted')
  for (const root of [keys.onlyOld, keys.onlyNew])
    expect(() => claimDatabase(database, root, now)).toThrow(UnlistedKeyError)
  const result = await reseal(database, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ isComplete: true })
  expect(() => claimDatabase(database, keys.onlyNew, now)).not.toThrow()
})

it('a fingerprint of a former key beside a number that is sealed under the first one is made again', async () => {
  const stores = open(keys.newFirst)
  await bindPhone(stores, 'ming')
  const old = stores.database.sqlite.prepare('update users set phone_key = ?')
  old.run(keys.onlyOld.mac('phone', phone))
  const result = await reseal(stores.database, keys.newFirst, { report: () => {} })
  expect(result).toMatchObject({ resealed: 1, isComplete: true })
  expect(rowsOf(stores.database)).toMatchObject([{ key: keys.onlyNew.mac('phone', phone) }])
})

it('a row that the service changed after it was read is left to the next pass', async () => {
  await bindPhone(open(keys.onlyOld), 'ming')
  const stores = open(keys.newFirst)
  for (const table of listSealedTables(stores.database, keys.newFirst)) {
    const [row] = table.page(null, 1)
    if (row === undefined) continue
    const columns = table.reseal(row)
    expect(columns).not.toBeNull()
    stores.database.sqlite.exec(
      table.name === 'users'
        ? "update users set phone_key = 'changed'"
        : `update ${table.name} set sealed_key = 'changed'`,
    )
    expect(table.update(row, columns ?? {})).toBe(false)
    expect(table.discard(row)).toBe(false)
    expect(table.page(null, 1)).toHaveLength(1)
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
  const result = await reseal(after.database, keys.newFirst, { report: () => {} })
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
  const { database, identities, vault } = open(keys.onlyNew)
  const result = await reseal(database, keys.onlyNew, { report: () => {}, discard: true })
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

it('a database of an earlier version belongs to the keys that it has been started with', () => {
  const { old } = earlier(6)
  const before = openDatabase(file, old, createPhoneSealer(keys.onlyOld))
  before.sqlite.prepare("insert into signing_keys values ('kid', ?, 'x', 1)").run(keys.onlyOld.id)
  before.close()
  const { database } = open(keys.newFirst)
  expect(() => claimDatabase(database, keys.onlyNew, now)).toThrow(UnlistedKeyError)
  expect(database.sqlite.prepare('select id from root_keys').pluck().all()).toEqual([
    keys.onlyOld.id,
  ])
  for (const root of [keys.onlyOld, keys.newFirst, keys.oldFirst])
    expect(() => claimDatabase(database, root, now)).not.toThrow()
  expect(() => claimDatabase(database, keys.onlyOld, now)).toThrow(UnlistedKeyError)
})
