import type { PeopleSearch } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { createStatementCache } from '../statement-cache.ts'

/** All distinct appids, by skipping from one to the next in the primary key (a loose index scan). */
const distinctApps = `with recursive apps(app_id) as (
    select min(app_id) from identities
    union all
    select (select min(app_id) from identities where app_id > apps.app_id) from apps
    where app_id is not null
  )`

const exactMatch = `${distinctApps}
  select id from users where id = :text
  union select id from users where external_id = :text
  union select id from users where phone_key in (select value from json_each(:phoneKeys))
  union select user_id from apps join identities using (app_id) where openid = :text`

/**
 * Finds users whose id, external id, openid or phone number is exactly the text; if there are any, also the user with this
 * account name.
 */
export function prepareExactPeople({ sqlite, phones }: Pick<Database, 'sqlite' | 'phones'>) {
  const { all } = createStatementCache({ sqlite })
  const idsOf = (query: string, values: Record<string, unknown>) =>
    all<{ id: string }>(query, values).map(({ id }) => id)
  return ({ text, phone, accountKey }: PeopleSearch): string[] => {
    const phoneKeys = JSON.stringify(phone === null ? [] : phones.keys(phone))
    const ids = idsOf(exactMatch, { text, phoneKeys })
    if (ids.length === 0) return []
    return [
      ...ids,
      ...idsOf('select id from users where account_key = :accountKey', { accountKey }),
    ]
  }
}
