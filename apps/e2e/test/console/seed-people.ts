import type Database from 'better-sqlite3'
import { apps } from './sandbox-control.ts'

const day = 86_400_000
const surnames = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
const givenNames = '明红雨晴霜岚宁安乐欣然可佳文清远航博思睿'

interface SeedOptions {
  /** The number of people; each has an account, a WeChat identity and a session. */
  readonly people: number
  /** The current time, in ms since the epoch. */
  readonly now: number
}

/** Fills the database like that of a busy service after two weeks. */
export function seedDatabase(database: Database.Database, { people, now }: SeedOptions): void {
  seedPeople(database, { people, now })
  seedDailyCounts(database, now)
  seedAuditLog(database, now)
  seedWebhooks(database, { people, now })
  const [first, second] = [idOf(people - 6), idOf(people - 7)]
  seedServiceKeys(database, { creator: first, now })
  seedMerges(database, { people, now })
  database
    .prepare('insert into unionid_conflicts values (?, ?, ?, ?)')
    .run('oa37LyhNQuFDlbsZ8FHFOEbFk', second, first, now - 2 * day)
}

/** Ids, accounts and nicknames are derived from the index, so that a test can search for them. */
export const idOf = (index: number): string => `01a204${index.toString(16).padStart(26, '0')}`
export const accountOf = (index: number): string => `member${String(index).padStart(6, '0')}`
const signOf = (signs: string, index: number) => signs[index % signs.length] ?? ''
export const nicknameOf = (index: number): string =>
  signOf(surnames, index) +
  signOf(givenNames, Math.floor(index / 20)) +
  signOf(givenNames, index * 7)

/** One webhook whose receiver fails, and one whose receiver is gone, with deliveries that were given up. */
function seedWebhooks(database: Database.Database, { people, now }: SeedOptions): void {
  const webhook = database.prepare(
    `insert into webhooks (id, url, events, sealed_secret, previous_secret, previous_secret_until, created_at,
       disabled_at, disabled_reason) values (?, ?, ?, 'none', 'none', ?, ?, ?, ?)`,
  )
  const delivery = database.prepare(
    `insert into webhook_deliveries (event_id, webhook_id, type, person_id, user_id, occurred_at, body, due_at,
       pending_since, attempts, error, dead_at) values (?, ?, ?, ?, ?, ?, '{}', ?, ?, ?, ?, ?)`,
  )
  const events = 'user.created user.updated user.deleted user.merged identity.bound session.ended'
  const longUrl = `https://orders.example/hooks/mianmi/${'tenant'.repeat(8)}?source=sign-in`
  webhook.run('webhook-1', longUrl, events, now + day, now - 30 * day, null, null)
  webhook.run('webhook-2', 'https://old.example/', 'user.created', null, now, now, 'gone')
  for (let index = 0; index < 8; index++) {
    const user = idOf(people - 10 - index)
    const at = now - day * index
    const error = index % 2 === 0 ? 'HTTP 503' : 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    const dead = index < 5 ? now : null
    const id = `event-${index}`
    delivery.run(id, 'webhook-1', 'user.updated', user, user, at, now + day, at, 12, error, dead)
  }
}

/** A key of an administrator with a name, and one of a command. */
function seedServiceKeys(
  database: Database.Database,
  { creator, now }: { creator: string; now: number },
): void {
  const key = database.prepare(
    `insert into service_keys (id, name, scopes, created_at, created_by) values (?, ?, ?, ?, ?)`,
  )
  const secret = database.prepare(
    'insert into service_key_secrets (hash, key_id, created_at, last_used_at) values (?, ?, ?, ?)',
  )
  const scopes = 'introspect users:read identities:read phones:read users:write sessions:end'
  key.run('key-1', 'orders-and-invoices', scopes, now - 9 * day, creator)
  key.run('key-2', 'pay', 'introspect', now - day, null)
  secret.run('hash-1', 'key-1', now - 9 * day, now - 60_000)
  secret.run('hash-2', 'key-2', now - day, null)
}

/** A merge by a user with a name, and one by an administrator who was deleted since. */
function seedMerges(database: Database.Database, { people, now }: SeedOptions): void {
  const merge = database.prepare(
    `insert into merges (id, kept_user_id, gone_user_id, kept_name, gone_name, operator_id, merged_at, undo_until, moved)
     values (?, ?, ?, ?, ?, ?, ?, ?, '{}')`,
  )
  const [kept, gone] = [idOf(people - 20), idOf(people - 21)]
  const names = [nicknameOf(people - 20), nicknameOf(people - 21)]
  merge.run('merge-1', kept, gone, ...names, idOf(people - 6), now - 60_000, now + day)
  merge.run('merge-2', kept, gone, ...names, `01a20${'f'.repeat(27)}`, now - 3 * day, now - 2 * day)
}

function seedPeople(database: Database.Database, { people, now }: SeedOptions): void {
  const user = database.prepare(
    `insert into users (id, account, account_key, password_hash, phone, nickname, disabled_at, created_at)
     values (?, ?, ?, 'none', ?, ?, ?, ?)`,
  )
  const identity = database.prepare(
    `insert into identities (app_id, openid, unionid, user_id, bound_at, sealed_key, key_fingerprint)
     values (?, ?, ?, ?, ?, '', '')`,
  )
  const session = database.prepare(
    `insert into sessions (id, user_id, app_id, device, created_at, last_seen_at, expires_at, rotated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const devices = [
    'iPhone 17 Pro, iOS 26.1',
    'HUAWEI Mate 80, HarmonyOS 6',
    'Xiaomi 17, Android 16',
  ]
  for (let index = 0; index < people; index++) {
    const id = idOf(index)
    const created = now - (people - index) * 12_000
    const account = accountOf(index)
    const nickname = index % 4 === 3 ? null : nicknameOf(index)
    const phone =
      index % 3 === 0 ? null : `13${index % 10}****${String(index).slice(-4).padStart(4, '0')}`
    user.run(
      id,
      account,
      account,
      phone,
      nickname,
      index % 97 === 5 ? created + day : null,
      created,
    )
    const union = `o6_bmasdasdsad6_2sgVt${index.toString(36).padStart(6, '0')}`
    for (const appId of index % 8 === 2 ? apps : apps.slice(0, 1)) {
      const openid = `oZ4fT${appId.at(-1)}k9QxN2vJ${String(index).padStart(12, '0')}`
      identity.run(appId, openid, union, id, created)
      const seen = Math.min(now - 40_000, created + (index % 50) * 3_600_000)
      const device = devices[index % 3] ?? null
      session.run(`${id}-${appId}`, id, appId, device, created, seen, seen + 30 * day, seen)
    }
  }
}

/** The number of the day since the epoch, in UTC+8. */
const dayOf = (at: number): number => Math.floor((at + 8 * 3_600_000) / day)

function seedDailyCounts(database: Database.Database, now: number): void {
  const count = database.prepare('insert or replace into daily_counts values (?, ?, ?, ?, ?, ?)')
  const wechat = database.prepare(
    'insert or replace into wechat_counts values (?, ?, ?, ?, ?, ?, ?)',
  )
  const refusals = [
    ['code_used', 31],
    ['credential_rejected', 54],
    ['wechat_unavailable', 12],
    ['rate_limited', 9],
    ['user_disabled', 6],
  ] as const
  for (let back = 0; back < 14; back++) {
    const number = dayOf(now) - back
    const wave =
      (1 + 0.22 * Math.sin(number * 0.9) + 0.05 * Math.cos(number * 2.3)) * (1 - back * 0.015)
    const of = (usual: number) => Math.round(usual * wave * (back === 0 ? 0.6 : 1))
    const put = (action: string, outcome: string, usual: number) =>
      count.run(number, action, outcome, apps[0], of(usual), now)
    put('sign_in', 'ok', 18_400)
    put('sign_in', 'unbound', 930)
    put('bind', 'ok', 410)
    put('register', 'new_user', 372)
    for (const [reason, usual] of refusals)
      put(reason === 'credential_rejected' ? 'bind' : 'sign_in', reason, usual)
    const ask = (api: string, errcode: string, [calls, mean, max]: [number, number, number]) =>
      wechat.run(number, apps[0], api, errcode, of(calls), of(calls) * mean, max)
    ask('/sns/jscode2session', '0', [19_300, 63, 840])
    ask('/sns/jscode2session', '40163', [31, 48, 120])
    ask('/sns/jscode2session', '', [12, 3_000, 3_004])
    ask('/wxa/business/getuserphonenumber', '0', [820, 71, 610])
  }
}

function seedAuditLog(database: Database.Database, now: number): void {
  const line = database.prepare(
    `insert into audit_events (at, action, outcome, user_id, app_id, address, device)
     values (?, ?, ?, ?, ?, ?, ?)`,
  )
  const subject = database.prepare(
    'insert or ignore into audit_subjects (user_id, pseudonym) values (?, ?)',
  )
  const pseudonymOf = (id: string): string => {
    subject.run(id, `p-${id}`)
    return `p-${id}`
  }
  const kinds = [
    ['sign_in', 'ok'],
    ['sign_in', 'unbound'],
    ['register', 'ok'],
    ['sign_in', 'code_used'],
    ['profile_change', 'ok'],
    ['bind', 'credential_rejected'],
  ] as const
  for (let index = 3_000; index > 0; index--) {
    const [action, outcome] = kinds[index % 9] ?? kinds[0]
    const user = outcome === 'unbound' ? null : pseudonymOf(idOf(99_900 + (index % 97)))
    line.run(
      now - index * 41_000,
      action,
      outcome,
      user,
      apps[0],
      `203.0.113.${index % 250}`,
      'iPhone 17 Pro',
    )
  }
}
