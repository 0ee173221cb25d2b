import type { BoundBy, Identity, IdentityRef, KnownUnionids } from '@mianmi/core'
import type { Queries } from '../connection/index.ts'

/** How an identity was bound, selected from `identities i`. */
export const bindingColumns = `i.bound_at as "boundAt", i.bound_by as "boundBy", i.device,
  greatest(i.bound_at, i.last_seen_at, (select max(s.last_seen_at) from sessions s
    where s.user_id = i.user_id and s.app_id = i.app_id)) as "lastSeenAt"`

export type BoundIdentityRow = Omit<Identity, 'key'> & KnownUnionids & { readonly boundBy: BoundBy }

export const identitiesOf = (queries: Queries, userId: string): Promise<BoundIdentityRow[]> =>
  queries.all<BoundIdentityRow>(
    `select app_id as "appId", openid, unionid, previous_unionid as "previousUnionid",
       bound_by as "boundBy" from identities where user_id = $1 order by bound_at, app_id`,
    [userId],
  )

export const isOwnIdentity = async (
  queries: Queries,
  userId: string,
  { appId, openid }: IdentityRef,
): Promise<boolean> =>
  (await queries.first(
    'select 1 as found from identities where app_id = $1 and openid = $2 and user_id = $3',
    [appId, openid, userId],
  )) !== null
