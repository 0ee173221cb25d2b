import type { AuditEvent } from '@mianmi/core'
import { beforeAll, expect, it } from 'vitest'
import { createAdministratorAccounts } from '../../../src/store/postgres/admin/administrators/administrator-accounts.ts'
import { emptyDatabase } from '../../../testing/postgres/empty-database.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import {
  countDeadlocks,
  openClient,
  openNode,
  openNodes,
  race,
  rules,
  type TestNode,
} from './nodes.ts'
import { postgresDatabase } from './postgres-stores.ts'

const phone = '13800138000'

/**
 * `root` with all that a user of mini programs may have; `gone`, who was merged into `root` and can be returned; `ming`, in
 * a conflict with `root`; `disabled`, an administrator with a session alone; `plain`, one without WeChat.
 */
const mixed = `
  insert into users (id, account, account_key, password_hash, nickname, role, disabled_at, created_at) values
    ('root', 'Root', 'root', 'hash', '根', 'admin', null, 5),
    ('ming', 'ming', 'ming', 'hash', null, 'user', null, 6),
    ('disabled', 'disabled', 'disabled', 'hash', null, 'admin', 9, 7),
    ('plain', 'plain', 'plain', 'hash', 'Plain', 'admin', null, 8);
  insert into users (id, role, created_at, disabled_at, merged_into, merged_until)
  values ('gone', 'user', 4, 10, 'root', 90);
  insert into identities (app_id, openid, unionid, user_id, bound_at, bound_by, sealed_key, key_fingerprint) values
    ('wx1', 'o1', 'u', 'root', 1, 'password', 'k1', 'f1'), ('wx2', 'o2', null, 'root', 2, 'phone', 'k2', 'f2'),
    ('wx1', 'm1', 'u', 'ming', 3, 'password', 'k3', 'f3');
  insert into unbindings (app_id, openid, unionid, user_id, unbound_at) values ('wx3', 'o3', 'u', 'root', 4);
  insert into sessions (id, user_id, app_id, created_at, last_seen_at, expires_at, rotated_at) values
    ('s', 'root', 'wx1', 1, 2, 3, 5), ('t', 'disabled', 'wx1', 1, 2, 3, 5);
  insert into tickets (hash, app_id, openid, sealed_key, key_fingerprint, expires_at, used_at, used_by)
  values ('h', 'wx1', 'o1', 'k1', 'f1', 99, 3, 'root');
  insert into operator_factors values ('root', 'sealed', 7);
  insert into unionid_conflicts values ('u', 'ming', 'root', 8);
  insert into merges (id, kept_user_id, gone_user_id, operator_id, merged_at, undo_until, moved) values
    ('m', 'root', 'gone', 'plain', 10, 90, '{"account":null,"accountKey":null,"passwordPrint":null,"phone":null,
      "phoneKey":null,"sealedPhone":null,"phoneProvenAt":null,"nickname":null,"avatarUrl":null,"disabledAt":null,
      "identities":[{"appId":"wx2","openid":"o2","boundAt":2,"boundBy":"phone"}],"unbindings":[],"dropped":[],"made":[]}')`

describePostgres('administrators with WeChat identities on PostgreSQL', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  async function start() {
    const client = await openClient(url)
    await emptyDatabase(client)
    await client.query(mixed)
    const { phones } = postgresDatabase((await openNode(url)).postgres)
    await client.query(
      `update users set phone = '138****8000', phone_key = $1, sealed_phone = $2, phone_proven_at = 3 where id = 'root'`,
      [phones.key(phone), phones.seal('root', phone)],
    )
    const lines: AuditEvent[] = []
    let serial = 0
    const separate = ({ postgres }: TestNode) =>
      createAdministratorAccounts(postgresDatabase(postgres), {
        append: async (_, events) => void lines.push(...events),
      }).separate({ newId: () => `new ${++serial}`, now: () => 77 })
    const rows = async (text: string) =>
      (await client.query<unknown[]>({ text, rowMode: 'array' })).rows
    return { client, phones, lines, separate, rows }
  }

  it('move to new users, once of starts that race, and the administrators keep the rest', async () => {
    const { client, phones, lines, separate, rows } = await start()
    const nodes = await openNodes(url, 4)
    const results = await race(4, (index) => separate(nodes[index] as TestNode))
    const [separated] = results.filter(({ length }) => length > 0)
    expect(results.flat()).toEqual(separated)
    expect(separated).toMatchObject([
      { adminId: 'root', phoneLost: false },
      { adminId: 'disabled', phoneLost: false },
    ])
    const [user = '', other] = (separated ?? []).map(({ userId }) => userId)
    expect(
      await rows(`select id, account, nickname, phone, role, disabled_at::int, created_at::int from users
        where id <> 'gone' and id <> 'ming' order by created_at, role`),
    ).toEqual([
      ['root', 'Root', null, null, 'admin', null, 5],
      [user, null, '根', '138****8000', 'user', null, 5],
      ['disabled', 'disabled', null, null, 'admin', 9, 7],
      // Still disabled.
      [other, null, null, null, 'user', 9, 7],
      ['plain', 'plain', 'Plain', null, 'admin', null, 8],
    ])
    const owners = 'select openid, user_id from identities order by openid'
    expect(await rows(owners)).toEqual([
      ['m1', 'ming'],
      ['o1', user],
      ['o2', user],
    ])
    expect(await rows('select id, user_id from sessions order by id')).toEqual([
      ['s', user],
      ['t', other],
    ])
    expect(await rows('select user_id from unbindings')).toEqual([[user]])
    const pair = ['ming', user].sort()
    const conflicts =
      'select first_user_id, second_user_id, detected_at::int from unionid_conflicts'
    expect(await rows(conflicts)).toEqual([[...pair, 8]])
    expect(await rows('select hash from tickets')).toEqual([])
    expect(await rows('select user_id from operator_factors')).toEqual([['root']])
    expect(await rows("select merged_into from users where id = 'gone'")).toEqual([[user]])
    const [[sealed]] = (await rows(`select sealed_phone from users where id = '${user}'`)) as [
      [string],
    ]
    expect(phones.open(user, sealed)).toBe(phone)
    expect(lines).toMatchObject([
      { at: 77, action: 'system.administratorSeparated', adminId: 'root', userId: user },
      { at: 77, action: 'system.administratorSeparated', adminId: 'disabled', userId: other },
    ])
    const undone = await nodes[0]?.stores.merges.undo('m', { ...rules, now: 50 })
    expect(undone).toBe('undone')
    expect(await rows("select user_id from identities where openid = 'o2'")).toEqual([['gone']])
    expect(await rows('select name from locks')).toEqual([])
    expect(await countDeadlocks(client)).toBe(0)
  })
})
