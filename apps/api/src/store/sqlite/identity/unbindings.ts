import type { Identity, IdentityRef, KnownUnionids } from '@mianmi/core'
import type { MovedUnbinding } from '../../admin/merges/moved-data.ts'
import type { Database } from '../database.ts'

/** An identity as the table of unbindings has it. */
export type UnboundIdentity = Pick<Identity, 'appId' | 'openid'> & KnownUnionids

/** The statements on identities that were unbound from a user. Call those that write inside a transaction. */
export function prepareUnbindings({ sqlite }: Pick<Database, 'sqlite'>) {
  const add = sqlite.prepare(
    `insert into unbindings (app_id, openid, unionid, previous_unionid, user_id, unbound_at)
     values (:appId, :openid, :unionid, :previousUnionid, :userId, :at)
     on conflict do update set unionid = excluded.unionid,
       previous_unionid = excluded.previous_unionid, unbound_at = excluded.unbound_at`,
  )
  const learn = sqlite.prepare(
    `update unbindings set previous_unionid = coalesce(unionid, previous_unionid), unionid = :unionid
     where app_id = :appId and openid = :openid and unionid is not :unionid`,
  )
  const block = sqlite.prepare(
    `select 1 from unbindings where app_id = :appId and openid = :openid
     union all select 1 from unbindings
       where user_id = :userId and :unionid in (unionid, previous_unionid)
     union all select 1 from unbindings u join identities i on i.user_id = u.user_id
       where u.user_id = :userId and i.unionid = :unionid
         and (i.previous_unionid = u.unionid or i.previous_unionid = u.previous_unionid) limit 1`,
  )
  const lastAt = sqlite
    .prepare<[string], number | null>('select max(unbound_at) from unbindings where user_id = ?')
    .pluck()
  const last = sqlite.prepare<IdentityRef, KnownUnionids>(
    `select unionid, previous_unionid as previousUnionid from unbindings
     where app_id = :appId and openid = :openid order by unbound_at desc, user_id limit 1`,
  )
  const lift = sqlite.prepare(
    `delete from unbindings where app_id = :appId and openid = :openid and user_id = :userId`,
  )
  return {
    add: (identity: UnboundIdentity, userId: string, at: number): void => {
      const { appId, openid, unionid, previousUnionid } = identity
      add.run({ appId, openid, unionid, previousUnionid, userId, at })
    },
    /**
     * Stores the unionid that WeChat returned for an identity with its unbindings, and keeps the one before. Also where the
     * identity is bound to another user since, who may be removed with it.
     */
    learn: ({ appId, openid, unionid }: Omit<Identity, 'key'>): void => {
      if (unionid !== null) learn.run({ appId, openid, unionid })
    },
    /**
     * Whether the identity was unbound from any user, or its WeChat from this one: by its unionid, or by the one before of
     * a bound identity that has the same now.
     */
    block: ({ appId, openid, unionid }: Omit<Identity, 'key'>, userId: string): boolean =>
      block.get({ appId, openid, unionid, userId }) !== undefined,
    /** The unionids with which the identity was unbound last, the older one first. */
    unionidsOf: ({ appId, openid }: IdentityRef): { readonly unionid: string | null }[] => {
      const found = last.get({ appId, openid })
      return found === undefined ? [] : [{ unionid: found.previousUnionid }, found]
    },
    /** When an identity was last unbound from the user; null where none is unbound. */
    lastAt: (userId: string): number | null => lastAt.get(userId) ?? null,
    /** Lifts the unbinding of this identity. Those of other identities of its unionid stay. */
    lift: ({ appId, openid }: IdentityRef, userId: string): void =>
      void lift.run({ appId, openid, userId }),
  }
}

/** The statements with which a merge and its undo move unbindings. Call them inside a transaction. */
export function prepareMovedUnbindings({ sqlite }: Pick<Database, 'sqlite'>) {
  const ofUser = sqlite.prepare<[string], MovedUnbinding>(
    `select app_id as appId, openid, unbound_at as unboundAt from unbindings
     where user_id = ? order by app_id, openid`,
  )
  const move = sqlite.prepare(
    `update or ignore unbindings set user_id = :to
     where app_id = :appId and openid = :openid and unbound_at = :unboundAt and user_id = :from`,
  )
  return {
    ofUser: (userId: string): MovedUnbinding[] => ofUser.all(userId),
    /** False where the other user has this unbinding, or it was lifted or renewed since. */
    move: ({ appId, openid, unboundAt }: MovedUnbinding, users: { from: string; to: string }) =>
      move.run({ appId, openid, unboundAt, ...users }).changes === 1,
  }
}
