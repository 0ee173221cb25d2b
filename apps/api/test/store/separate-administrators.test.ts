import type { AuditEvent } from '@mianmi/core'
import { expect, it, onTestFinished } from 'vitest'
import {
  createMergeStore,
  openDatabase,
  separateAdministrators,
} from '../../src/store/sqlite/index.ts'
import { createPhoneSealer } from '../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../src/tokens/root-key.ts'
import { earlier, migrations, phones } from './earlier-migrations.ts'

/** The migrations of the version before administrators were kept out of mini programs. */
const before = 6
const phone = '13800138000'
const other = createPhoneSealer(createRootKey(new Uint8Array(32).fill(1)))

/**
 * `root` with all that a user of mini programs may have; `gone`, who was merged into `root` and can be returned; `ming`, in
 * a conflict with `root`; `disabled`, an administrator with a session alone; `plain`, one without WeChat.
 */
function openEarlier({ sealer = phones } = {}) {
  const { old, file } = earlier(before)
  const { sqlite, close } = openDatabase(file, old, phones)
  sqlite.exec(`
    insert into users (id, account, account_key, password_hash, nickname, avatar_url, role, disabled_at, created_at) values
      ('root', 'Root', 'root', 'hash', '根', 'https://a.example/h.png', 'admin', null, 5),
      ('ming', 'ming', 'ming', 'hash', null, null, 'user', null, 6),
      ('disabled', 'disabled', 'disabled', 'hash', null, null, 'admin', 9, 7),
      ('plain', 'plain', 'plain', 'hash', 'Plain', null, 'admin', null, 8);
    insert into users (id, role, created_at, disabled_at, merged_into, merged_until) values ('gone', 'user', 4, 10, 'root', 90);
    insert into identities (app_id, openid, unionid, user_id, bound_at, bound_by, sealed_key, key_fingerprint, previous_key) values
      ('wx1', 'o1', 'u', 'root', 1, 'password', 'k1', 'f1', 'k0'), ('wx2', 'o2', null, 'root', 2, 'phone', 'k2', 'f2', null),
      ('wx1', 'm1', 'u', 'ming', 3, 'password', 'k3', 'f3', null);
    insert into unbindings values ('wx3', 'o3', 'u', 'root', 4);
    insert into sessions values ('s', 'root', 'wx1', 'phone', 1, 2, 3, 4, 5), ('t', 'disabled', 'wx1', null, 1, 2, 3, 0, 5);
    insert into tickets values ('h', 'wx1', 'o1', 'u', 'k1', 'f1', 99, 0, 3, 'root', null);
    insert into avatars values ('root', 'h', 'png', x'00');
    insert into operator_factors values ('root', 'sealed', 7);
    insert into recovery_codes values ('root', 'recovery');
    insert into unionid_conflicts values ('u', 'ming', 'root', 8);
    insert into merges (id, kept_user_id, gone_user_id, operator_id, merged_at, undo_until, moved) values
      ('m', 'root', 'gone', 'plain', 10, 90, '{"account":null,"accountKey":null,"passwordPrint":null,"phone":null,
        "phoneKey":null,"sealedPhone":null,"phoneProvenAt":null,"nickname":null,"avatarUrl":null,"disabledAt":null,
        "identities":[{"appId":"wx2","openid":"o2","boundAt":2,"boundBy":"phone"}],"unbindings":[],"dropped":[],"made":[]}');`)
  sqlite
    .prepare(
      "update users set phone = ?, phone_key = ?, sealed_phone = ?, phone_proven_at = 3 where id = 'root'",
    )
    .run('138****8000', sealer.key(phone), sealer.seal('root', phone))
  close()
  const database = openDatabase(file, migrations, phones)
  onTestFinished(() => database.close())
  let serial = 0
  const newId = () => `new ${++serial}`
  const lines: AuditEvent[] = []
  const append = (events: readonly AuditEvent[]) => {
    expect(database.sqlite.inTransaction).toBe(true)
    lines.push(...events)
  }
  const separate = () => separateAdministrators(database, { newId, now: () => 77, append })
  const rows = (query: string) => database.sqlite.prepare(query).raw().all()
  return { database, separate, rows, lines }
}

it('everything of the mini programs goes to a new user, and the administrator keeps the rest', () => {
  const { database, separate, rows, lines } = openEarlier()
  expect(separate()).toEqual([
    { adminId: 'root', userId: 'new 1', phoneLost: false },
    { adminId: 'disabled', userId: 'new 2', phoneLost: false },
  ])
  const shown = 'account, password_hash, nickname, avatar_url, phone, phone_proven_at, role'
  expect(
    rows(`select id, ${shown}, disabled_at, created_at from users where id <> 'gone' order by id`),
  ).toEqual([
    ['disabled', 'disabled', 'hash', null, null, null, null, 'admin', 9, 7],
    ['ming', 'ming', 'hash', null, null, null, null, 'user', null, 6],
    ['new 1', null, null, '根', 'https://a.example/h.png', '138****8000', 3, 'user', null, 5],
    // Still disabled.
    ['new 2', null, null, null, null, null, null, 'user', 9, 7],
    ['plain', 'plain', 'hash', 'Plain', null, null, null, 'admin', null, 8],
    ['root', 'Root', 'hash', null, null, null, null, 'admin', null, 5],
  ])
  expect(
    rows(
      'select app_id, openid, unionid, user_id, bound_at, bound_by, sealed_key, key_fingerprint, previous_key from identities order by app_id, openid',
    ),
  ).toEqual([
    ['wx1', 'm1', 'u', 'ming', 3, 'password', 'k3', 'f3', null],
    ['wx1', 'o1', 'u', 'new 1', 1, 'password', 'k1', 'f1', 'k0'],
    ['wx2', 'o2', null, 'new 1', 2, 'phone', 'k2', 'f2', null],
  ])
  expect(rows('select id, user_id, counter from sessions order by id')).toEqual([
    ['s', 'new 1', 4],
    ['t', 'new 2', 0],
  ])
  expect(rows('select user_id, openid from unbindings')).toEqual([['new 1', 'o3']])
  expect(rows('select user_id, hash from avatars')).toEqual([['new 1', 'h']])
  expect(rows('select first_user_id, second_user_id, detected_at from unionid_conflicts')).toEqual([
    ['ming', 'new 1', 8],
  ])
  expect(rows('select hash from tickets')).toEqual([])
  expect(rows('select user_id, last_step from operator_factors')).toEqual([['root', 7]])
  expect(rows('select user_id, hash from recovery_codes')).toEqual([['root', 'recovery']])
  const sealed = database.sqlite
    .prepare<[], string>("select sealed_phone from users where id = 'new 1'")
    .pluck()
    .get()
  expect(phones.open('new 1', sealed ?? '')).toBe(phone)
  expect(database.sqlite.pragma('foreign_key_check')).toEqual([])
  expect(lines).toMatchObject([
    { at: 77, action: 'system.administratorSeparated', adminId: 'root', userId: 'new 1' },
    { at: 77, action: 'system.administratorSeparated', adminId: 'disabled', userId: 'new 2' },
  ])
})

it('a second start, also at the same time, finds nothing to do', () => {
  const { separate, rows } = openEarlier()
  separate()
  const users = rows('select * from users order by id')
  expect(separate()).toEqual([])
  expect(rows('select * from users order by id')).toEqual(users)
})

it('a user who was merged into the administrator belongs to the new user, and the merge can be undone', async () => {
  const { database, separate, rows } = openEarlier()
  separate()
  expect(rows("select merged_into from users where id = 'gone'")).toEqual([['new 1']])
  const rules = { appIds: ['wx1', 'wx2'], phoneTrust: 0, now: 50 }
  expect(await createMergeStore(database).undo('m', rules)).toBe('undone')
  expect(rows("select user_id from identities where openid = 'o2'")).toEqual([['gone']])
  expect(rows("select merged_into, disabled_at from users where id = 'gone'")).toEqual([
    [null, null],
  ])
})

it('a number that was sealed under a key that is not configured is lost, and nothing else', () => {
  const { separate, rows } = openEarlier({ sealer: other })
  expect(separate()[0]).toEqual({ adminId: 'root', userId: 'new 1', phoneLost: true })
  expect(
    rows("select phone, phone_key, sealed_phone from users where id in ('root', 'new 1')"),
  ).toEqual(Array(2).fill([null, null, null]))
  expect(rows("select openid from identities where user_id = 'new 1' order by openid")).toEqual([
    ['o1'],
    ['o2'],
  ])
})
