import { appId } from '../servers/servers.mjs'

/** For example a phone, a tablet, and a lost phone. */
const sessionsPerUser = 3
const monthMs = 30 * 24 * 3_600_000

/** A random time (hexadecimal, as the ids of the service begin) between the first and the last id of the table. */
const timeBetween = (column) =>
  `lpad(to_hex(('x' || lpad(substr(${column}.first, 1, 12), 16, '0'))::bit(64)::bigint + (random() * (
    ('x' || lpad(substr(${column}.last, 1, 12), 16, '0'))::bit(64)::bigint
    - ('x' || lpad(substr(${column}.first, 1, 12), 16, '0'))::bit(64)::bigint))::bigint), 12, '0')
    || substr(md5(random()::text), 1, 20)`

/**
 * Statements that add users, each with an identity and three sessions, until there are `total`. The tables are written in
 * the order of their keys at the end, so that the existing users are spread evenly among the others.
 */
export const fillStatements = (total) => [
  // Neither triggers nor foreign keys are checked: the rows are right.
  'set session_replication_role = replica',
  `create temp table added as
     select ${timeBetween('ids')} as id, ids.at
     from (select min(id) as first, max(id) as last, max(created_at) - ${monthMs / 2} as at from users) as ids,
       generate_series(1, ${total} - (select count(*) from users))`,
  `insert into sessions (id, user_id, app_id, created_at, last_seen_at, rotated_at, expires_at)
     select ${timeBetween('ids')}, u.id, '${appId}', u.at, u.at, u.at, u.at + ${monthMs}
     from (select min(id) as first, max(id) as last from sessions) as ids,
       (select id, at, 1 as own from added union all
         select id, created_at - ${monthMs / 2}, 2 from users) as u,
       generate_series(u.own, ${sessionsPerUser})`,
  'insert into users (id, created_at) select id, at from added',
  `insert into identities (app_id, openid, user_id, bound_at, sealed_key, key_fingerprint)
     select '${appId}', substr(translate(encode(sha256(id::bytea), 'base64'), '+/', '-_'), 1, 28), id, at,
       repeat(md5(id), 2), substr(md5(id), 1, 12) from added`,
  'cluster users using users_pkey',
  'cluster sessions using sessions_pkey',
  'cluster identities using identities_app_id_openid_pk',
  'analyze',
]
