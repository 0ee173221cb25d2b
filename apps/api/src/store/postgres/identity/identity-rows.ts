import {
  type BoundBy,
  type BoundIdentity,
  type Identity,
  type IdentityRef,
  isSameKey,
  type User,
} from '@mianmi/core'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import type { Queries } from '../connection/index.ts'
import { bindingColumns } from './identity-reads.ts'

/** A bound identity and its owner. */
export interface OwnedIdentity {
  readonly user: User
  readonly unionid: string | null
  readonly previousUnionid: string | null
  readonly keyFingerprint: string | null
  readonly boundAt: number
}

type OwnedRow = readonly [
  ...UserColumns,
  unionid: string | null,
  keyFingerprint: string | null,
  boundAt: number,
  previousUnionid: string | null,
]

/** Null when the identity is not bound. */
export async function findOwned(
  queries: Queries,
  { appId, openid }: IdentityRef,
): Promise<OwnedIdentity | null> {
  const [row] = await queries.arrays<OwnedRow>(
    `select ${userColumns}, i.unionid, i.key_fingerprint, i.bound_at,
       i.previous_unionid
     from identities i join users u on u.id = i.user_id where i.app_id = $1 and i.openid = $2`,
    [appId, openid],
  )
  if (row === undefined) return null
  const [, , , , , , , , unionid, keyFingerprint, boundAt, previousUnionid] = row
  return { user: toUser(row), unionid, previousUnionid, keyFingerprint, boundAt }
}

/** An identity that a merged user still has proves nothing any more, nor does one of an administrator. */
export const isActiveOwner = `u.role = 'user' and u.merged_into is null`

/**
 * The openid of the user's identity in an app with its sealed keys, newest first; null where there is none, and for an
 * imported identity that has not signed in yet.
 */
export interface IdentityKeys {
  readonly appId: string
  readonly openid: string
  readonly sealedKey: string | null
  readonly keyFingerprint: string | null
  readonly previousKey: string | null
}

const keyColumns = `i.app_id as "appId", i.openid, i.sealed_key as "sealedKey",
  i.key_fingerprint as "keyFingerprint", i.previous_key as "previousKey"`

export const findInApp = (
  queries: Queries,
  userId: string,
  appId: string,
): Promise<IdentityKeys | null> =>
  queries.first<IdentityKeys>(
    `select ${keyColumns} from identities i where i.user_id = $1 and i.app_id = $2`,
    [userId, appId],
  )

/** The identity that a session was opened through. */
export const findOfSession = (queries: Queries, sessionId: string): Promise<IdentityKeys | null> =>
  queries.first<IdentityKeys>(
    `select ${keyColumns} from sessions s
     join identities i on i.user_id = s.user_id and i.app_id = s.app_id where s.id = $1`,
    [sessionId],
  )

export const listIdentities = (queries: Queries, userId: string): Promise<BoundIdentity[]> =>
  queries.all<BoundIdentity>(
    `select i.app_id as "appId", ${bindingColumns} from identities i
     where i.user_id = $1 order by i.bound_at, i.app_id`,
    [userId],
  )

/** How a new identity is bound. */
export interface NewBinding {
  readonly userId: string
  readonly boundAt: number
  readonly boundBy: BoundBy
  readonly device: string | null
  /** A sealed key that is older than the identity's own. */
  readonly previousKey: string | null
  readonly previousUnionid: string | null
}

export async function insertIdentity(
  queries: Queries,
  { appId, openid, unionid, key }: Identity,
  { userId, boundAt, boundBy, device, previousKey, previousUnionid }: NewBinding,
): Promise<void> {
  await queries.run(
    `insert into identities (app_id, openid, unionid, user_id, bound_at, bound_by, device,
       previous_key, sealed_key, key_fingerprint, previous_unionid)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[appId, openid, unionid, userId, boundAt, boundBy, device],
      ...[previousKey, key.sealed, key.fingerprint, previousUnionid],
    ],
  )
}

/**
 * Stores the session key that WeChat returned for a bound identity, where it is a new one. One that is stored under a
 * former key of the service is sealed again.
 */
export async function renewKey(
  queries: Queries,
  { appId, openid, key }: Identity,
  stored: OwnedIdentity,
): Promise<void> {
  const { keyFingerprint } = stored
  const same = keyFingerprint === null ? null : isSameKey(key, keyFingerprint)
  if (same === 'same') return
  await queries.run(
    `update identities set sealed_key = $3, key_fingerprint = $4,
       previous_key = case when $5 then previous_key else sealed_key end
     where app_id = $1 and openid = $2`,
    [appId, openid, key.sealed, key.fingerprint, same === 'former'],
  )
}

/** Stores the unionid of a bound identity. Returns whether another one was replaced. */
export async function renewUnionid(
  queries: Queries,
  { appId, openid, unionid }: Omit<Identity, 'key'>,
  stored: OwnedIdentity,
): Promise<boolean> {
  if (unionid === null || unionid === stored.unionid) return false
  await queries.run(
    `update identities set previous_unionid = coalesce(unionid, previous_unionid), unionid = $3
     where app_id = $1 and openid = $2`,
    [appId, openid, unionid],
  )
  return stored.unionid !== null
}

export const deleteIdentity = async (
  queries: Queries,
  userId: string,
  appId: string,
): Promise<void> =>
  void (await queries.run('delete from identities where user_id = $1 and app_id = $2', [
    userId,
    appId,
  ]))

/** Whether a user was merged into another one. */
export const isMerged = async (queries: Queries, userId: string): Promise<boolean> =>
  (await queries.run('select 1 from users where id = $1 and merged_into is not null', [userId])) > 0

/** The active users with an identity of one of the unionids. */
export async function findOwnersOf(
  queries: Queries,
  unionids: readonly string[],
): Promise<string[]> {
  const rows = await queries.arrays<[string]>(
    `select distinct u.id from identities i join users u on u.id = i.user_id and ${isActiveOwner}
     where i.unionid = any($1::text[])`,
    [unionids],
  )
  return rows.map(([id]) => id)
}

/**
 * Records the users whom this unionid proves to be the same person as the user. The users are locked, because the rows
 * refer to them, and the name of the unionid too, because two identities that learn it at once see nothing of each other.
 */
export async function noteConflicts(
  queries: Queries,
  { unionid, userId, at }: { unionid: string | null; userId: string; at: number },
): Promise<void> {
  if (unionid === null) return
  await queries.run(
    `insert into unionid_conflicts (unionid, first_user_id, second_user_id, detected_at)
     select distinct $1, least(u.id, $2), greatest(u.id, $2), $3::bigint
     from identities i join users u on u.id = i.user_id and ${isActiveOwner}
     where i.unionid = $1 and u.id <> $2 order by 2, 3 on conflict do nothing`,
    [unionid, userId, at],
  )
}
