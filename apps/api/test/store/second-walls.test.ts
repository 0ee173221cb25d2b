import { expect, it } from 'vitest'
import { openTestDatabase } from '../database.ts'

/** One row of each table that has a key, and two users that the others may refer to. */
const rows = {
  users: { id: 'a', account_key: 'anna', phone_key: 'p', created_at: 1 },
  avatars: { user_id: 'a', hash: 'h', type: 'png', bytes: Buffer.alloc(1) },
  identities: {
    app_id: 'wx1',
    openid: 'o',
    user_id: 'a',
    bound_at: 1,
    sealed_key: 's',
    key_fingerprint: 'f',
  },
  sessions: {
    id: 's',
    user_id: 'a',
    app_id: 'wx1',
    created_at: 1,
    last_seen_at: 1,
    expires_at: 1,
    rotated_at: 1,
  },
  tickets: {
    hash: 't',
    app_id: 'wx1',
    openid: 'o',
    sealed_key: 's',
    key_fingerprint: 'f',
    expires_at: 1,
  },
  limits: { key: 'k', count: 1, ends_at: 1 },
  signing_keys: { kid: 'k', root_id: 'r', sealed_private_jwk: 's', created_at: 1 },
  unionid_conflicts: { unionid: 'u', first_user_id: 'a', second_user_id: 'b', detected_at: 1 },
  merges: {
    id: 'm',
    kept_user_id: 'a',
    gone_user_id: 'b',
    operator_id: 'a',
    merged_at: 1,
    undo_until: 1,
    moved: '{}',
  },
  operator_factors: { user_id: 'a', sealed_secret: 's', last_step: 1 },
  operator_sessions: {
    hash: 'h',
    user_id: 'a',
    stage: 'full',
    created_at: 1,
    last_seen_at: 1,
    expires_at: 1,
    password_mark: 'm',
  },
  recovery_codes: { user_id: 'a', hash: 'h' },
  enrolment_codes: { user_id: 'a', hash: 'h', expires_at: 1 },
  known_browsers: { hash: 'h', user_id: 'a', created_at: 1, expires_at: 1 },
  daily_counts: { day: 1, action: 'a', outcome: 'ok', app_id: '', count: 1, last_at: 1 },
  wechat_counts: { day: 1, app_id: 'wx1', api: 'a', errcode: '', count: 1, sum_ms: 1, max_ms: 1 },
} as const

type Table = keyof typeof rows

function openFilled() {
  const { sqlite } = openTestDatabase().database
  const insert = (table: Table, change: object = {}) => {
    const row: Record<string, unknown> = { ...rows[table], ...change }
    const columns = Object.keys(row)
    sqlite
      .prepare(
        `insert into ${table} (${columns.join()}) values (${columns.map((name) => `:${name}`).join()})`,
      )
      .run(row)
  }
  insert('users')
  insert('users', { id: 'b', account_key: 'bert', phone_key: 'q' })
  for (const table of Object.keys(rows) as Table[]) if (table !== 'users') insert(table)
  return { insert }
}

const other = 'another'
const elsewhere = { app_id: 'wx2', openid: other }

it.each<[what: string, table: Table, change: object, code: string]>([
  ['two users of one id', 'users', { account_key: other, phone_key: other }, 'PRIMARYKEY'],
  ['two users of one account name', 'users', { id: other, phone_key: other }, 'UNIQUE'],
  ['two users of one phone number', 'users', { id: other, account_key: other }, 'UNIQUE'],
  ['two pictures of one user', 'avatars', { hash: other }, 'PRIMARYKEY'],
  ['two pictures of one name', 'avatars', { user_id: 'b' }, 'UNIQUE'],
  ['two users of one identity', 'identities', { user_id: 'b' }, 'PRIMARYKEY'],
  ['two identities of a user in an app', 'identities', { openid: other }, 'UNIQUE'],
  ['two sessions of one id', 'sessions', { user_id: 'b' }, 'PRIMARYKEY'],
  ['two tickets of one hash', 'tickets', elsewhere, 'UNIQUE'],
  ['two counters of one limit', 'limits', { count: 2 }, 'PRIMARYKEY'],
  ['two signing keys of one root key', 'signing_keys', { kid: other }, 'UNIQUE'],
  ['two signing keys of one id', 'signing_keys', { root_id: other }, 'PRIMARYKEY'],
  ['one conflict twice', 'unionid_conflicts', { detected_at: 2 }, 'PRIMARYKEY'],
  ['two merges of one id', 'merges', { moved: '[]' }, 'PRIMARYKEY'],
  ['two second factors', 'operator_factors', { sealed_secret: other }, 'PRIMARYKEY'],
  ['two sessions of one cookie', 'operator_sessions', { user_id: 'b' }, 'PRIMARYKEY'],
  ['one recovery code twice', 'recovery_codes', {}, 'PRIMARYKEY'],
  ['two enrolment codes', 'enrolment_codes', { hash: other }, 'PRIMARYKEY'],
  ['two known browsers of one cookie and user', 'known_browsers', { created_at: 2 }, 'PRIMARYKEY'],
  ['two counts of one day and outcome', 'daily_counts', { count: 2 }, 'PRIMARYKEY'],
  ['two counts of one day and answer', 'wechat_counts', { count: 2 }, 'PRIMARYKEY'],
])('the database itself refuses %s', (_what, table, change, code) => {
  const { insert } = openFilled()
  expect(() => insert(table, change)).toThrow(
    expect.objectContaining({ code: `SQLITE_CONSTRAINT_${code}` }),
  )
})

it.each<[table: Table, change: object]>([
  ['users', { id: other, account_key: other, phone_key: other, merged_into: 'no-such-user' }],
  ['avatars', { user_id: other, hash: other }],
  ['identities', { user_id: other, ...elsewhere }],
  ['sessions', { id: other, user_id: other }],
  ['unionid_conflicts', { first_user_id: other }],
  ['unionid_conflicts', { second_user_id: other }],
  ['merges', { id: other, kept_user_id: other }],
  ['merges', { id: other, gone_user_id: other }],
  ['operator_factors', { user_id: other }],
  ['operator_sessions', { hash: other, user_id: other }],
  ['recovery_codes', { user_id: other }],
  ['enrolment_codes', { user_id: other }],
  ['known_browsers', { hash: other, user_id: other }],
])('the database itself refuses a row of %s whose user does not exist: %j', (table, change) => {
  const { insert } = openFilled()
  expect(() => insert(table, change)).toThrow(
    expect.objectContaining({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' }),
  )
})
