import { isLastAdministrator } from '@mianmi/core/admin'
import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { createAdministratorAccounts } from '../../../src/store/postgres/admin/administrators/administrator-accounts.ts'
import { findAdministrators } from '../../../src/store/postgres/admin/administrators/administrator-rows.ts'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { explore } from './interleaving.ts'
import { hour, now, type TestNode, unique } from './nodes.ts'
import { postgresDatabase } from './postgres-stores.ts'

interface Scene {
  readonly root: string
  readonly boss: string
}

const step = 60_000_000
const enrolment = { hash: 'new enrolment', expiresAt: now + hour }
const noAudit = { append: async () => {} }

/** Two administrators who can sign in, each with a session, a recovery code and a known browser. */
async function prepare(client: pg.Client): Promise<Scene> {
  await client.query('delete from users')
  const [root, boss] = [unique('root'), unique('boss')].sort(() => Math.random() - 0.5)
  const ids = [root ?? '', boss ?? '']
  await client.query(
    `insert into users (id, account, account_key, password_hash, role, created_at)
     select id, id, id, 'hash', 'admin', $2 from unnest($1::text[]) as u(id)`,
    [ids, now],
  )
  await client.query(`insert into operator_factors select id, 'sealed', $1 from users`, [step])
  await client.query(`insert into recovery_codes select id, 'recovery' from users`)
  for (const stage of ['full', 'first'])
    await client.query(
      `insert into operator_sessions (hash, user_id, stage, created_at, last_seen_at, expires_at, password_mark)
       select $1 || ' of ' || id, id, $1, $2, $2, $3, 'mark' from users`,
      [stage, now, now + hour],
    )
  // One browser, which is known to both.
  await client.query(`insert into known_browsers select 'browser', id, $1, $2 from users`, [
    now,
    now + hour,
  ])
  return { root: ids[0] ?? '', boss: ids[1] ?? '' }
}

const by = (adminId: string) => ({
  adminId,
  sessionHash: `full of ${adminId}`,
  proof: { step: step + 1 },
})
const newBrowser = () => ({
  hash: unique('browser'),
  replaces: 'browser',
  createdAt: now,
  expiresAt: now + hour,
})
const complete = ({ stores }: TestNode, userId: string) =>
  stores.administrators.complete({
    from: `first of ${userId}`,
    to: {
      ...{ hash: unique('token'), userId, factor: 'full', createdAt: now, lastSeenAt: now },
      ...{ expiresAt: now + hour, passwordFingerprint: 'mark', pendingSecret: null },
    },
    proof: { step: step + 1 },
    browser: newBrowser(),
  })

type Verb = (node: TestNode, actor: string, other: string) => Promise<unknown>

const verbs: Readonly<Record<string, Verb>> = {
  'disables the other': ({ stores }, _, other) => stores.people.disable(other, now),
  'deletes the other': ({ stores }, _, other) => stores.people.remove(other),
  'takes the role of the other': ({ stores }, actor, userId) =>
    stores.roles.remove({ userId, by: by(actor) }),
  'resets the factor of the other': ({ stores }, actor, userId) =>
    stores.roles.resetFactor({ userId, enrolment, by: by(actor) }),
}

const quiet: Readonly<Record<string, Verb>> = {
  'signs in': (node, actor) => complete(node, actor),
  'changes the password': ({ stores }, actor) =>
    stores.administrators.changePassword({
      ...{ userId: actor, from: 'hash', to: 'new', proof: { recoveryHash: 'recovery' } },
      session: { hash: `full of ${actor}`, passwordFingerprint: 'new mark' },
      browser: newBrowser(),
    }),
  'renews the recovery codes': ({ stores }, actor) =>
    stores.administrators.renewRecoveryCodes({
      ...{ userId: actor, sessionHash: `full of ${actor}`, recoveryHashes: ['new'] },
      proof: { step: step + 1 },
    }),
}

const names = Object.keys(verbs)
const run = (name: string): Verb => {
  const verb = verbs[name] ?? quiet[name]
  if (verb === undefined) throw new Error(`no verb ${name}`)
  return verb
}
const pairs = names.flatMap((one, index) =>
  names.slice(index).map((other) => [one, other] as const),
)
const isDone = (result: unknown): boolean => /^(disabled|removed|reset)$/.test(`${result}`)

describePostgres('administrators from two nodes', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it.each(pairs)('one remains where one %s and the other %s', async (one, other) => {
    await explore<Scene>(url, {
      prepare,
      one: (node, { root, boss }) => run(one)(node, root, boss),
      other: (node, { root, boss }) => run(other)(node, boss, root),
      check: async ({ client, one: first, other: second }) => {
        expect([first, second].filter(isDone)).toHaveLength(1)
        const { rows } = await client.query('select 1 from users where disabled_at is null')
        expect(rows.length).toBeGreaterThan(0)
        const all = await findAdministrators({
          all: async (text: string) => (await client.query(text)).rows,
        } as never)
        expect(all.filter(({ id }) => isLastAdministrator(all, id))).toHaveLength(1)
      },
    })
  })

  it.each(Object.keys(quiet))(
    'one who %s in a browser of both, beside the other who does, keeps no code that was used',
    async (name) => {
      await explore<Scene>(url, {
        prepare,
        one: (node, { root, boss }) => run(name)(node, root, boss),
        other: (node, { root, boss }) => run(name)(node, boss, root),
        check: ({ one, other }) => {
          for (const result of [one, other]) expect(['changed', true]).toContain(result)
        },
      })
    },
  )

  it.each(names.flatMap((one) => Object.keys(quiet).map((other) => [one, other] as const)))(
    'one who %s beside the other, who %s, leaves nothing behind',
    async (one, other) => {
      await explore<Scene>(url, {
        prepare,
        one: (node, { root, boss }) => run(one)(node, root, boss),
        other: (node, { root, boss }) => run(other)(node, boss, root),
        check: async ({ client, scene: { boss }, one: result }) => {
          expect(isDone(result)).toBe(true)
          const left = `select 1 from operator_sessions where user_id = $1 and stage = 'full'`
          expect((await client.query(left, [boss])).rows).toEqual([])
        },
      })
    },
  )

  it('one code is spent once', async () => {
    await explore<Scene>(url, {
      prepare,
      one: (node, { root }) => complete(node, root),
      other: (node, { root }) => run('renews the recovery codes')(node, root, ''),
      check: ({ one, other }) => {
        expect([one, other].filter(Boolean)).toHaveLength(1)
      },
    })
  })

  it('of two first administrators one is created', async () => {
    const add = ({ postgres }: TestNode) => {
      const user = {
        ...{ id: unique('first'), account: unique('first'), accountKey: unique('first') },
        ...{ passwordHash: 'hash', createdAt: now },
      }
      const accounts = createAdministratorAccounts(postgresDatabase(postgres), noAudit)
      return accounts.add({ user, enrolment }, { first: true })
    }
    await explore(url, {
      prepare: async (client) => void (await client.query('delete from users')),
      one: add,
      other: add,
      check: async ({ client, one, other }) => {
        expect([one, other].sort()).toEqual(['created', 'has_administrator'])
        expect((await client.query('select 1 from users')).rows).toHaveLength(1)
      },
    })
  })
})
