import type { Identity, IdentityRef, KnownUnionids } from '@mianmi/core'
import type { Queries } from '../connection/index.ts'

/** An identity as the table of unbindings has it. */
export type UnboundIdentity = Pick<Identity, 'appId' | 'openid'> & KnownUnionids

export async function addUnbinding(
  queries: Queries,
  { appId, openid, unionid, previousUnionid }: UnboundIdentity,
  { userId, at }: { readonly userId: string; readonly at: number },
): Promise<void> {
  await queries.run(
    `insert into unbindings (app_id, openid, unionid, previous_unionid, user_id, unbound_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (app_id, openid, user_id) do update set unionid = excluded.unionid,
       previous_unionid = excluded.previous_unionid, unbound_at = excluded.unbound_at`,
    [appId, openid, unionid, previousUnionid, userId, at],
  )
}

/**
 * Stores the unionid that WeChat returned for an identity with its unbindings, and keeps the one before. Also where the
 * identity is bound to another user since, who may be removed with it.
 */
export async function learnUnionid(
  queries: Queries,
  { appId, openid, unionid }: Omit<Identity, 'key'>,
): Promise<void> {
  if (unionid === null) return
  await queries.run(
    `update unbindings set previous_unionid = coalesce(unionid, previous_unionid), unionid = $3
     where (app_id, openid, user_id) in (select app_id, openid, user_id from unbindings
       where app_id = $1 and openid = $2 and unionid is distinct from $3
       order by user_id for no key update)`,
    [appId, openid, unionid],
  )
}

/**
 * Whether the identity was unbound from any user, or its WeChat from this one: by its unionid, or by the one before of a
 * bound identity that has the same now.
 */
export async function isBlocked(
  queries: Queries,
  { appId, openid, unionid }: Omit<Identity, 'key'>,
  userId: string,
): Promise<boolean> {
  const found = await queries.run(
    `select 1 from unbindings where app_id = $1 and openid = $2
     union all select 1 from unbindings
       where user_id = $4 and $3 in (unionid, previous_unionid)
     union all select 1 from unbindings u join identities i on i.user_id = u.user_id
       where u.user_id = $4 and i.unionid = $3
         and (i.previous_unionid = u.unionid or i.previous_unionid = u.previous_unionid) limit 1`,
    [appId, openid, unionid, userId],
  )
  return found > 0
}

/** When an identity was last unbound from the user; null where none is unbound. */
export async function lastUnboundAt(queries: Queries, userId: string): Promise<number | null> {
  const [row] = await queries.arrays<[number | null]>(
    'select max(unbound_at) from unbindings where user_id = $1',
    [userId],
  )
  return row?.[0] ?? null
}

/** Lifts the unbinding of this identity. Those of other identities of its unionid stay. */
export const liftUnbinding = async (
  queries: Queries,
  { appId, openid }: IdentityRef,
  userId: string,
): Promise<void> =>
  void (await queries.run(
    'delete from unbindings where app_id = $1 and openid = $2 and user_id = $3',
    [appId, openid, userId],
  ))
