import { expect, it, onTestFinished } from 'vitest'
import { createNicknameFill } from '../../src/store/sqlite/admin/people/nickname-fill.ts'
import { openDatabase } from '../../src/store/sqlite/index.ts'
import { storeOf } from '../database.ts'
import { earlier, migrations, phones } from './earlier-migrations.ts'
import { waitingDelivery } from './waiting-delivery.ts'

const tables = [
  'users',
  'sessions',
  'limits',
  'identities',
  'avatars',
  'unionid_conflicts',
] as const

/** Two users with all that refers to one, the second merged into the first. */
const rows = `
  insert into users (id, account, account_key, phone_key, nickname, role, created_at, merged_into, merged_until)
    values ('a', 'Ming', 'ming', 'p', '明', 'admin', 1, null, null), ('b', null, null, null, null, 'user', 2, 'a', 9);
  insert into sessions values
    ('t', 'b', 'wx1', null, 1, 2, 3, 0, 5), ('s', 'a', 'wx1', 'phone', 1, 2, 3, 4, 5);
  insert into limits values ('k', 3, 7);
  insert into identities (app_id, openid, unionid, user_id, bound_at, sealed_key, key_fingerprint)
    values ('wx1', 'o1', 'u', 'a', 1, 'x', 'y'), ('wx1', 'o2', 'u', 'b', 1, 'x', 'y');
  insert into avatars values ('a', 'h', 'png', x'00');
  insert into unionid_conflicts (unionid, first_user_id, second_user_id, detected_at)
    values ('u', 'a', 'b', 4);`

it('a database of an earlier version is migrated with every row and its references', () => {
  const { old, file } = earlier(4)
  const before = openDatabase(file, old, phones)
  before.sqlite.exec(rows)
  // The columns of the earlier version: later ones may add some.
  const columns = tables.map((table) =>
    before.sqlite.prepare('select name from pragma_table_info(?)').pluck().all(table).join(', '),
  )
  const contents = ({ sqlite }: typeof before) =>
    tables.map((table, index) =>
      sqlite.prepare(`select ${columns[index]} from ${table} order by 1, 2`).all(),
    )
  const held = contents(before)
  before.close()

  const after = openDatabase(file, migrations, phones)
  onTestFinished(() => after.close())
  const { sqlite } = after
  expect(contents(after)).toEqual(held)
  // A number was proven at the latest when its user was created; how an identity was bound is not known.
  const proofs = 'select id, phone_proven_at from users order by id'
  expect(sqlite.prepare(proofs).raw().all()).toEqual([
    ['a', 1],
    ['b', null],
  ])
  expect(sqlite.prepare('select distinct bound_by from identities').pluck().all()).toEqual([
    'unknown',
  ])
  // A session of an earlier version has no random value until its next refresh, and one token of each generation.
  const refreshes =
    'select distinct counter, variants, secret, secret_since, repeated_in, forgiven_in from sessions order by counter'
  expect(sqlite.prepare(refreshes).raw().all()).toEqual([
    [0, 1, null, 0, null, null],
    [4, 1, null, 0, null, null],
  ])
  expect(sqlite.pragma('foreign_key_check')).toEqual([])
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
  sqlite.exec("delete from users where id = 'a'")
  // The counter of a limit belongs to no user.
  expect(contents(after).map((left) => left.length)).toEqual([0, 0, 1, 0, 0, 0])
})

it('rows that every call reads by key are found in one B-tree descent', () => {
  const { file } = earlier(0)
  const { sqlite, close } = openDatabase(file, migrations, phones)
  onTestFinished(close)
  const byKey = sqlite.prepare("select name from pragma_table_list where wr and schema = 'main'")
  expect(byKey.pluck().all().sort()).toEqual([
    'audit_subjects',
    'limits',
    'nickname_suffixes',
    'sessions',
    'users',
  ])
})

it('the nicknames of an earlier version become searchable step by step, and those written meanwhile at once', async () => {
  const { old, file } = earlier(19)
  const before = openDatabase(file, old, phones)
  before.sqlite.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 1001)
    insert into users (id, nickname, created_at)
    select printf('u%04d', i), case i % 2 when 1 then '小Ann' || i end, i from n`)
  before.close()
  const database = openDatabase(file, migrations, phones)
  onTestFinished(() => database.close())
  const { sqlite } = database
  const { step } = createNicknameFill(database)
  const suffixes = sqlite
    .prepare('select suffix, user_id from nickname_suffixes order by 2, 1')
    .raw()
  expect(suffixes.all()).toEqual([])
  sqlite.exec("update users set nickname = 'Bo' where id = 'u0003'")
  sqlite.exec("insert into users (id, nickname, created_at) values ('u9999', 'Bo', 1)")
  expect([await step(), await step(), await step(), await step(), await step()]).toEqual([
    'more',
    'more',
    'more',
    'done',
    'done',
  ])
  const all = suffixes.all()
  const expected = sqlite
    .prepare<[], [string, string]>('select id, nickname from users where nickname is not null')
    .raw()
    .all()
    .flatMap(([id, nickname]) =>
      [...nickname].map((_, at) => [[...nickname.toLowerCase()].slice(at).join(''), id]),
    )
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort()
  expect(sorted(all)).toEqual(sorted(expected))
  sqlite.exec('delete from users')
  expect(suffixes.all()).toEqual([])
})

it('a database without users has nothing to fill in', async () => {
  const database = openDatabase(':memory:', migrations, phones)
  onTestFinished(() => database.close())
  expect(await createNicknameFill(database).step()).toBe('done')
})

it('tickets keep the order of their issue, and a password of no use goes', () => {
  const { old, file } = earlier(8)
  const before = openDatabase(file, old, phones)
  before.sqlite.exec(`
    insert into tickets (hash, app_id, openid, unionid, sealed_key, key_fingerprint, expires_at) values
      ('z', 'wx1', 'o', null, 's1', 'f1', 9), ('a', 'wx1', 'o', 'u', 's2', 'f2', 8);
    insert into users (id, account, account_key, password_hash, phone_key, created_at, merged_into) values
      ('named', 'ming', 'ming', 'hash', null, 1, null), ('numbered', null, null, 'hash', 'p', 1, null),
      ('neither', null, null, 'hash', null, 1, null), ('merged', null, null, 'hash', null, 1, 'named');`)
  before.close()
  const { sqlite, close } = openDatabase(file, migrations, phones)
  onTestFinished(close)
  const tickets = sqlite.prepare(
    'select hash, unionid, expires_at from tickets order by issue_order',
  )
  expect(tickets.raw().all()).toEqual([
    ['z', null, 9],
    ['a', 'u', 8],
  ])
  const withPassword = sqlite.prepare(
    'select id from users where password_hash is not null order by id',
  )
  expect(withPassword.pluck().all()).toEqual(['merged', 'named', 'numbered'])
})

it('deliveries that wait in a database without the outbox are still sent, before later ones of the user', async () => {
  const { old, file } = earlier(21)
  const before = openDatabase(file, old, phones)
  before.sqlite.exec(waitingDelivery)
  before.close()

  const database = openDatabase(file, migrations, phones)
  onTestFinished(() => database.close())
  const { webhookDeliveries, serviceUsers } = storeOf(database)
  await serviceUsers.update('u', { externalId: '42', at: Date.now() })
  await webhookDeliveries.fanOut()
  const at = Date.now()
  const claim = { webhookId: 'w', now: at, leaseUntil: at + 1_000, limit: 9 }
  const [first, ...others] = await webhookDeliveries.claim({ ...claim, lease: 'first' })
  expect(first).toMatchObject({ eventId: 'evt_1', type: 'user.created', body: '{}' })
  expect(others).toEqual([])
  await webhookDeliveries.settle('first', [{ id: first?.id ?? '', outcome: 'delivered' }], at)
  expect(await webhookDeliveries.claim({ ...claim, lease: 'second' })).toMatchObject([
    { type: 'user.updated' },
  ])
})
