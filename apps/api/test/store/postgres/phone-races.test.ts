import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { createUserStore } from '../../../src/store/postgres/account/users.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { explore } from './interleaving.ts'
import { hour, now, rules, type TestNode, unique } from './nodes.ts'
import { postgresDatabase } from './postgres-stores.ts'

interface Scene {
  readonly ids: readonly string[]
}

async function prepare(client: pg.Client): Promise<Scene> {
  await client.query('delete from users')
  const ids = [unique('user'), unique('user')]
  await client.query(
    'insert into users (id, created_at) select id, $2 from unnest($1::text[]) as u(id)',
    [ids, now],
  )
  await client.query(
    `insert into identities (app_id, openid, user_id, bound_at, bound_by, sealed_key, key_fingerprint)
     select 'wx1', 'openid of ' || id, id, $1, 'register', 'k', 'f' from users`,
    [now],
  )
  await client.query(
    `insert into sessions (id, user_id, app_id, created_at, last_seen_at, rotated_at, expires_at)
     select 'session of ' || id, id, 'wx1', $1, $1, $1, $2 from users`,
    [now, now + hour],
  )
  return { ids }
}

const [newKey, oldKey] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)]
/**
 * The keys of nodes while SECRET_KEY is changed node by node: every node learns the new key before the first one seals with
 * it.
 */
const keys = {
  'the old key': createRootKey(oldKey),
  'the old key first': createRootKey(oldKey, newKey),
  'the new key first': createRootKey(newKey, oldKey),
} as const
const pairs = [
  ['the old key', 'the old key'],
  ['the old key', 'the old key first'],
  ['the old key first', 'the new key first'],
] as const

const proveBy =
  (key: keyof typeof keys, index: number) =>
  ({ postgres }: TestNode, { ids }: Scene) => {
    const userId = ids[index] ?? ''
    const phones = createPhoneSealer(keys[key])
    return createUserStore({ ...postgresDatabase(postgres), phones }).setPhone({
      caller: { userId, sessionId: `session of ${userId}`, now },
      provenBy: { appId: 'wx1', openid: `openid of ${userId}` },
      phone: '13800000001',
      rules,
    })
  }

describePostgres('one number that two users prove at once', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it.each(pairs)(
    'belongs to one of them, where one node has %s and the other %s',
    async (one, other) => {
      await explore<Scene>(url, {
        prepare,
        one: proveBy(one, 0),
        other: proveBy(other, 1),
        check: async ({ client, one: first, other: second }) => {
          expect([first, second].filter((result) => result === 'taken')).toHaveLength(1)
          const { rows } = await client.query('select 1 from users where phone is not null')
          expect(rows).toHaveLength(1)
        },
      })
    },
  )
})
