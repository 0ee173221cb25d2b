import type { ClaimedIdentity } from '@mianmi/core'
import { toUser, type UserColumns, userColumns } from '../account/user-columns.ts'
import type { Queries } from '../connection/index.ts'
import { isActiveOwner, type OwnedIdentity } from './identity-rows.ts'
import type { IssuedTicket } from './ticket-rows.ts'

/** What is stored about an identity that is about to be bound. */
export interface StoredScene {
  /** The stored identity; null when it has no owner until now. */
  readonly owned: OwnedIdentity | null
  /** What WeChat returned with each ticket of the identity, the oldest first. */
  readonly issued: readonly IssuedTicket[]
  /** The unionids with which it was unbound last, the older one first. */
  readonly unbound: readonly { readonly unionid: string | null }[]
  /** The newest unionid: a reply of WeChat without one leaves the unionid as it was, also of what was unbound. */
  readonly unionid: string | null
  /** The active users with an identity of this unionid, by id. */
  readonly unionidOwners: readonly string[]
}

/** In one statement, because other bindings wait for the locks that are held meanwhile. */
const read = `select ${userColumns}, i.unionid, i.key_fingerprint, i.bound_at, t.issued, n.unionid, array(
    select distinct x.user_id from identities x join users u on u.id = x.user_id and ${isActiveOwner}
    where x.unionid = n.unionid order by x.user_id), i.previous_unionid, b.unionid, b.previous_unionid
  from (values ($1, $2)) as w(app_id, openid)
  left join identities i on i.app_id = w.app_id and i.openid = w.openid
  left join users u on u.id = i.user_id
  cross join lateral (
    select coalesce(json_agg(json_build_array(hash, unionid, sealed_key, key_fingerprint) order by issue_order), '[]')
        as issued,
      (array_agg(unionid order by issue_order desc) filter (where unionid is not null))[1] as unionid
    from tickets where app_id = w.app_id and openid = w.openid) t
  left join lateral (
    select unionid, previous_unionid from unbindings where app_id = w.app_id and openid = w.openid
    order by unbound_at desc, user_id limit 1) b on true
  cross join lateral (
    select coalesce($3, i.unionid, t.unionid, b.unionid, b.previous_unionid) as unionid) n`

type SceneRow = readonly [
  ...UserColumns,
  unionid: string | null,
  keyFingerprint: string | null,
  boundAt: number,
  issued: [hash: string, unionid: string | null, sealed: string, fingerprint: string][],
  newestUnionid: string | null,
  owners: string[],
  previousUnionid: string | null,
  unboundUnionid: string | null,
  unboundPreviousUnionid: string | null,
]

export async function readStoredScene(
  queries: Queries,
  { identity, ticketHash }: ClaimedIdentity,
): Promise<StoredScene> {
  const returned = ticketHash === null ? identity.unionid : null
  const [row] = await queries.arrays<SceneRow>(read, [identity.appId, identity.openid, returned])
  if (row === undefined) throw new Error('the statement returns one row')
  // Without an identity the columns of its user are null.
  const isBound = (row[0] as string | null) !== null
  return {
    owned: isBound
      ? {
          ...{ user: toUser(row), unionid: row[8], previousUnionid: row[14] },
          ...{ keyFingerprint: row[9], boundAt: row[10] },
        }
      : null,
    issued: row[11].map(([hash, unionid, sealed, fingerprint]) => ({
      ...{ hash, unionid },
      key: { sealed, fingerprint },
    })),
    unbound: [{ unionid: row[16] }, { unionid: row[15] }],
    unionid: row[12],
    unionidOwners: row[13],
  }
}
