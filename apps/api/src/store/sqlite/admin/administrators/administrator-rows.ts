import { type AdministratorMeans, enrolmentTtl, type ListedAdministrator } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'

/** `role = 'admin'` is the condition of the partial index `users_admins`. */
const isAdministrator = `u.role = 'admin' and u.merged_into is null`
const hasSecondFactor = `exists (select 1 from operator_factors f where f.user_id = u.id)`

interface MeansRow {
  readonly id: string
  readonly account: string | null
  readonly disabledAt: number | null
  readonly hasPassword: 0 | 1
  readonly hasSecondFactor: 0 | 1
}

type ListedRow = Omit<ListedAdministrator, 'hasSecondFactor'> & { readonly hasSecondFactor: 0 | 1 }

/** The statements on users with the role `admin`. */
export function prepareAdministrators({ sqlite }: Pick<Database, 'sqlite'>) {
  const all = sqlite.prepare<[], MeansRow>(
    `select u.id, u.account, u.disabled_at as disabledAt, u.password_hash is not null as hasPassword,
       ${hasSecondFactor} as hasSecondFactor from users u where ${isAdministrator}`,
  )
  const listed = sqlite.prepare<[{ now: number; last: number }], ListedRow>(
    `select u.id, u.account, u.created_at as createdAt, u.disabled_at as disabledAt,
       (select max(s.last_seen_at) from operator_sessions s
        where s.user_id = u.id and s.stage = 'full' and s.expires_at > :now) as lastSeenAt,
       ${hasSecondFactor} as hasSecondFactor,
       (select e.expires_at from enrolment_codes e
        where e.user_id = u.id and e.expires_at > :now and e.expires_at <= :last) as enrolmentExpiresAt
     from users u where ${isAdministrator} order by u.created_at, u.id`,
  )
  return {
    all: (): AdministratorMeans[] =>
      all.all().map((row) => ({
        ...row,
        hasPassword: row.hasPassword === 1,
        hasSecondFactor: row.hasSecondFactor === 1,
      })),
    list: (now: number): ListedAdministrator[] =>
      listed
        .all({ now, last: now + enrolmentTtl })
        .map((row) => ({ ...row, hasSecondFactor: row.hasSecondFactor === 1 })),
  }
}
