import type { PeopleSearch } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { createStatementCache } from '../statement-cache.ts'

/** Each app once, by skipping from one to the next in the primary key. */
const apps = `with recursive apps(app_id) as (
    select min(app_id) from identities
    union all
    select (select min(app_id) from identities where app_id > apps.app_id) from apps
    where app_id is not null
  )`

const whole = `${apps}
  select id from users where id = :text
  union select id from users where phone_key = :phoneKey
  union select user_id from apps join identities using (app_id) where openid = :text`

/** Whom a text means as a whole: by id, openid or phone number, and then also by account name. */
export function prepareExactPeople({ sqlite, phones }: Pick<Database, 'sqlite' | 'phones'>) {
  const { all } = createStatementCache({ sqlite })
  const idsOf = (text: string, values: Record<string, unknown>) =>
    all<{ id: string }>(text, values).map(({ id }) => id)
  return ({ text, phone, accountKey }: PeopleSearch): string[] => {
    const phoneKey = phone === null ? null : phones.key(phone)
    const ids = idsOf(whole, { text, phoneKey })
    if (ids.length === 0) return []
    return [
      ...ids,
      ...idsOf('select id from users where account_key = :accountKey', { accountKey }),
    ]
  }
}
