import type { ServiceIdentity, ServiceUser, ServiceUserRef, ServiceUserStore } from '@mianmi/core'
import { endAllSessions, setDisabled } from '../admin/people/restrictions.ts'
import { isolateUsers, type Postgres, type Transaction } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { createIntrospection } from '../session/session-lookup.ts'

interface UserRow extends ServiceUser {
  readonly sealedPhone: string | null
  readonly identities: readonly ServiceIdentity[]
}

export function createServiceUserStore(
  database: PostgresDatabase & Pick<Postgres, 'attempts' | 'metrics'>,
): ServiceUserStore {
  const { reads, transaction, phones } = database
  return {
    findSession: createIntrospection(database),
    find: async (ref, wanted) => {
      const row = await reads.first<UserRow>(...findStatement(ref))
      if (row === null) return null
      const { sealedPhone, identities, ...user } = row
      const phone = sealedPhone === null ? null : phones.open(user.id, sealedPhone)
      return { ...user, ...(wanted.identities && { identities }), ...(wanted.phone && { phone }) }
    },
    // Two that race for an external id meet at its index, and the second one runs again.
    update: (userId, { externalId, disabled, at }) =>
      transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        const before = await findChangeable(tx, userId)
        if (before === null) return 'not_found'
        if (externalId != null && (await tx.run(isTaken, [externalId, userId])) > 0)
          return 'external_id_taken'
        if (externalId !== undefined) {
          await tx.run(setExternalId, [userId, externalId])
          tx.outbox.emitUpdate(userId, before, { externalId })
        }
        if (disabled !== undefined) await setDisabled(tx, userId, disabled ? at : null)
        if (disabled === true) await endAllSessions(tx, userId)
        return 'updated'
      }),
    endSessions: (userId) =>
      transaction([], async (tx) => {
        await isolateUsers(tx, [userId])
        return (await findChangeable(tx, userId)) === null ? null : endAllSessions(tx, userId)
      }),
  }
}

/** A user whom a service may change. */
const findChangeable = (
  tx: Transaction,
  userId: string,
): Promise<{ externalId: string | null } | null> =>
  tx.first(
    `select external_id as "externalId" from users
     where id = $1 and role = 'user' and merged_into is null`,
    [userId],
  )

const isTaken = 'select 1 from users where external_id = $1 and id <> $2'
const setExternalId = 'update users set external_id = $2 where id = $1'

/** The user, and the identities of the same moment. Never an administrator. */
const selected = `select u.id, u.external_id as "externalId", u.account, u.nickname,
    u.avatar_url as "avatarUrl", u.disabled_at as "disabledAt", u.created_at as "createdAt",
    u.sealed_phone as "sealedPhone",
    (select coalesce(json_agg(json_build_object('appId', i.app_id, 'openid', i.openid,
       'unionid', i.unionid) order by i.bound_at, i.app_id), '[]'::json)
     from identities i where i.user_id = u.id) as identities
  from users u where u.role = 'user' and u.merged_into is null`
/** The user that this one was merged into, or the user itself. */
const survivor = (condition: string): string => `with recursive chain(id, next) as (
    select id, merged_into from users where ${condition}
    union all select m.id, m.merged_into from users m join chain on m.id = chain.next)
  ${selected} and u.id = (select id from chain where next is null)`
const byUserId = survivor('id = $1')
const byExternalId = survivor('external_id = $1')
const byIdentity = `${selected} and u.id =
  (select user_id from identities where app_id = $1 and openid = $2)`

function findStatement(ref: ServiceUserRef): [text: string, values: readonly string[]] {
  if ('userId' in ref) return [byUserId, [ref.userId]]
  if ('externalId' in ref) return [byExternalId, [ref.externalId]]
  return [byIdentity, [ref.identity.appId, ref.identity.openid]]
}
