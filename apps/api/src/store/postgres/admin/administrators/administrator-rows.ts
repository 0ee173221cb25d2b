import { type AdministratorMeans, enrolmentTtl, type ListedAdministrator } from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'

/** The name that serialises the verbs after which fewer administrators may be able to sign in. */
export const administratorsLock = 'administrators'

/** `role = 'admin'` is the condition of the partial index `users_admins`. */
const isAdministrator = `u.role = 'admin' and u.merged_into is null`
const hasSecondFactor = `exists (select 1 from operator_factors f where f.user_id = u.id)
  as "hasSecondFactor"`

export const findAdministrators = (queries: Queries): Promise<AdministratorMeans[]> =>
  queries.all<AdministratorMeans>(
    `select u.id, u.account, u.disabled_at as "disabledAt",
       u.password_hash is not null as "hasPassword", ${hasSecondFactor}
     from users u where ${isAdministrator}`,
  )

export const listAdministrators = (queries: Queries, now: number): Promise<ListedAdministrator[]> =>
  queries.all<ListedAdministrator>(
    `select u.id, u.account, u.created_at as "createdAt", u.disabled_at as "disabledAt",
       (select max(s.last_seen_at) from operator_sessions s
        where s.user_id = u.id and s.stage = 'full' and s.expires_at > $1) as "lastSeenAt",
       ${hasSecondFactor},
       (select e.expires_at from enrolment_codes e
        where e.user_id = u.id and e.expires_at > $1 and e.expires_at <= $2) as "enrolmentExpiresAt"
     from users u where ${isAdministrator} order by u.created_at, u.id`,
    [now, now + enrolmentTtl],
  )
