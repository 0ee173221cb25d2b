import { expect, it, vi } from 'vitest'
import * as stores from '../../src/store/sqlite/index.ts'
import { openTestAudit, openTestDatabase } from '../database.ts'

// All statements are prepared at once, also those that a store would prepare later.
vi.mock('../../src/store/sqlite/at-first-use.ts', () => ({
  createAtFirstUse: (create: () => object) => create(),
}))

interface Step {
  readonly detail: string
}

/** What a statement computes or gets as a parameter, and is no table. */
const ownRows = ['CONSTANT', 'same', 'json_each']

/** Every statement that the stores prepare, with the tables that it reads from their first row to their last. */
function scansOfStores(): string[] {
  const { database } = openTestDatabase()
  const { sqlite } = database
  const prepare = vi.spyOn(sqlite, 'prepare')
  const onError = (error: unknown): void => {
    throw error
  }
  stores.createAdministratorStore(database)
  stores.createAuditReader(database)
  openTestAudit(database)
  stores.createAvatarStore(database, 'https://mianmi.example')
  stores.createIdentityStore(database)
  stores.createLimitStore(database)
  stores.createMergeStore(database)
  stores.createPeopleStore(database)
  stores.createRoleStore(database)
  stores.createSessionStore(database)
  stores.createStatisticsStore(database, ['wx1'])
  stores.createTicketStore(database)
  stores.createUserStore(database)
  stores.createWebhookDeliveryStore(database)
  stores.createWebhookStore(database)
  stores.createWechatCounter(database, { now: Date.now, onError })
  stores.hasAdministrator(database)
  stores.separateAdministrators(database, {
    newId: () => 'new',
    now: Date.now,
    append: () => undefined,
  })
  const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))]
  prepare.mockRestore()
  expect(statements.length).toBeGreaterThan(80)
  const planOf = (sql: string): Step[] => {
    const explained = sqlite.prepare<unknown[], Step>(`explain query plan ${sql}`)
    const names = [...sql.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    if (names.length > 0)
      return explained.all(Object.fromEntries(names.map((name) => [name, null])))
    return explained.all(...Array.from(sql.matchAll(/\?/g), () => null))
  }
  return statements.flatMap((sql) =>
    planOf(sql).flatMap(({ detail }) => {
      const table = /^SCAN (\w+)/.exec(detail)?.[1]
      return table === undefined || ownRows.includes(table) ? [] : [`${table}: ${start(sql)}`]
    }),
  )
}

const start = (sql: string): string => sql.replace(/\s+/g, ' ').replaceAll('"', '').slice(0, 48)

it('no statement reads a whole table, but for the counts of the overview and tables that stay small', () => {
  expect(scansOfStores().sort()).toEqual([
    // In the order of the key, and no further than its limit.
    'audit_events: select id, at from audit_events order by id limi',
    'audit_events: select id, lower(hex(mac)) as mac from audit_eve',
    // Empty but for a moment after a command.
    'audit_inbox: select 1 from audit_inbox limit 1',
    'audit_inbox: select id, event from audit_inbox order by audit',
    // Of what the selection within has.
    'b: select (select count(*) from (select 1 from webh',
    'd: update webhook_deliveries set due_at = min(due_a',
    // The overview of the console.
    'daily_counts: select app_id as appId, max(last_at) as lastSign',
    'identities: select count(*) from identities',
    // The webhooks that an index names, read by steps.
    'known: with recursive known(id) as ( select min(webhook',
    'known: with recursive known(id) as ( select min(webhook',
    // In the order of an index, and no further than its limit.
    'merges: select id, merged_at as mergedAt, undo_until as ',
    // Of what the selection within has.
    'o: select (select count(*) from (select 1 from webh',
    'o: select count(*) filter (where at > 0) as waiting',
    // One for each key of SECRET_KEY, read at the start.
    'signing_keys: select kid, sealed_private_jwk from signing_keys',
    'signing_keys: select sealed_private_jwk from signing_keys',
    // A ticket lives for minutes, so there are few; run by a merge, and when a user is removed.
    'tickets: delete from tickets where used_by = :userId or e',
    'tickets: delete from tickets where used_by = ?',
    // Over an index that holds administrators alone.
    'u: select id, phone, phone_key as phoneKey, sealed_',
    'u: select u.id, u.account, u.created_at as createdA',
    'u: select u.id, u.account, u.disabled_at as disable',
    'unionid_conflicts: select count(*) from unionid_conflicts',
    'users: select count(*) from users',
    // Both over an index that holds these rows alone.
    'users: select count(*) from users where disabled_at is ',
    "users: select id from users where users.role = 'admin'",
    // A service has a few webhooks.
    'w: select (select count(*) from (select 1 from webh',
    'w: select w.id as webhookId, w.url, (select min(d.d',
    'w: select w.id, w.url, w.events, w.created_at as cr',
    // Over an index, and no further than its limit.
    'webhook_deliveries: select (select count(*) from (select 1 from webh',
    // In the order of the key, and no further than its limit.
    'webhook_outbox: select (select count(*) from (select 1 from webh',
    'webhook_outbox: select (select count(*) from (select 1 from webh',
    'webhook_outbox: select count(*) filter (where at > 0) as waiting',
    'webhook_outbox: select id from webhook_outbox where at > 0 order',
    // At a deletion or a merge: what waits is fanned out within a second.
    'webhook_outbox: select id, at, events, users from webhook_outbox',
    // At a start.
    'webhook_outbox: update webhook_outbox set at = -at where at < 0',
    'webhooks: select count(*) from webhooks',
    'webhooks: select id, disabled_at as disabledAt, enabled_at',
    'webhooks: select id, events, disabled_at as disabledAt fro',
    'webhooks: update webhooks set previous_secret = null, prev',
  ])
})
