import type { Role } from '@mianmi/core'
import { arrayParameter } from '../connection/index.ts'
import { countUses, setLockTimeout } from '../rate-limit/count-uses.ts'

/**
 * Users with so many sessions sign in by the transaction that counts them under a lock. It is below the limit of 100,
 * because statements of several nodes that run at once do not see each other's sessions.
 */
const manySessions = 92

/** Another active user has the unionid, and the conflict is not recorded yet. */
const hasNewConflict = `exists (select 1 from identities x
    join users y on y.id = x.user_id and y.role = 'user' and y.merged_into is null
    where x.unionid = o.unionid and x.user_id <> o.user_id and not exists (
      select 1 from unionid_conflicts c where c.unionid = x.unionid
        and c.first_user_id = least(x.user_id, o.user_id)
        and c.second_user_id = greatest(x.user_id, o.user_id)))`

/** A column of the calls in each parameter. */
const calls = [
  ...['$4::text[]', '$5::bigint[]', '$6::text[]', '$7::text[]', '$8::text[]', '$9::text[]'],
  ...['$10::text[]', '$11::text[]', '$12::text[]', '$13::text[]', '$14::text[]'],
  ...['$15::bigint[]', '$16::bigint[]'],
].map(arrayParameter)

/**
 * Signs in the owners of identities: counts the uses, locks the identities and then the users in the order of their keys,
 * opens the sessions and stores new session keys. PostgreSQL reads a row again after it has waited for it, so a user who
 * was disabled meanwhile is seen. The identities of the calls and the keys of their uses must differ.
 *
 * The counted keys are compared as an array: the planner expects one row, and so it would run a join with `l` as a loop over
 * every counted key for each call.
 *
 * `needs_more`: nothing was changed but the count, because the sign-in changes more than this statement can. So whatever is an
 * event for webhooks, such as the end of one session too many, happens in a transaction.
 */
export const signInStatement = `with
  t as materialized (${setLockTimeout('$1')}),
  w as materialized (select * from unnest(${calls})
    as w(limit_key, ends_at, app_id, openid, unionid, sealed, fingerprint, former, sid, secret, device, at,
      expires_at)),
  l as (${countUses('$2', '$3')}),
  a as materialized (
    select w.*, i.user_id, i.unionid as known_unionid, i.key_fingerprint as known
    from w join identities i on i.app_id = w.app_id and i.openid = w.openid
    where w.limit_key = any((select array_agg(l.key) from l)::text[])
    order by i.app_id, i.openid for no key update of i),
  o as materialized (
    select a.*, u.account, u.phone, u.nickname, u.avatar_url, u.role, u.disabled_at,
      u.created_at as user_created_at
    from a join users u on u.id = a.user_id order by u.id for key share of u),
  d as materialized (
    select o.*, (o.unionid is not null and (o.unionid is distinct from o.known_unionid or ${hasNewConflict}))
        or exists (select 1 from sessions s where s.user_id = o.user_id offset ${manySessions - 1})
        as needs_more,
      o.role <> 'admin' and o.disabled_at is null as is_active
    from o),
  s as (
    insert into sessions (id, user_id, app_id, device, created_at, last_seen_at, rotated_at, expires_at, secret)
    select sid, user_id, app_id, device, at, at, at, expires_at, secret from d
    where is_active and not needs_more),
  k as (
    update identities i set sealed_key = d.sealed, key_fingerprint = d.fingerprint,
      previous_key = case when d.known = any(string_to_array(d.former, chr(10)))
        then i.previous_key else i.sealed_key end
    from d where i.app_id = d.app_id and i.openid = d.openid and d.known is distinct from d.fingerprint
      and d.is_active and not d.needs_more)
  select d.user_id, d.account, d.phone, d.nickname, d.avatar_url, d.role, d.disabled_at, d.user_created_at,
    w.sid, l.key is not null, d.needs_more,
    case when l.key is null then (select x.ends_at from limits x where x.key = w.limit_key) end
  from w left join l on l.key = w.limit_key left join d on d.sid = w.sid`

/** What it returns for each call; the columns of the user are null where the identity is not bound. */
export type SignInRow = readonly [
  userId: string | null,
  account: string | null,
  phone: string | null,
  nickname: string | null,
  avatarUrl: string | null,
  role: Role,
  disabledAt: number | null,
  createdAt: number,
  sessionId: string,
  isCounted: boolean,
  needsMore: boolean | null,
  /** When the window of a refused use ends; null where it opened in this moment. */
  windowEndsAt: number | null,
]
