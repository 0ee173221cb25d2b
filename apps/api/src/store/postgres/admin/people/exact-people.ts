import type { PeopleSearch } from '@mianmi/core/admin'
import type { PostgresDatabase } from '../../database.ts'

/** All distinct appids, by skipping from one to the next in the primary key (a loose index scan). */
const exactMatch = `with recursive apps(app_id) as (
    (select min(app_id) from identities)
    union all
    select (select min(app_id) from identities where app_id > apps.app_id) from apps
    where app_id is not null
  )
  select id from users where id = $1
  union select id from users where external_id = $1
  union select id from users where phone_key = any($2::text[])
  union select (select user_id from identities i where i.app_id = apps.app_id and i.openid = $1)
    from apps where app_id is not null`

/**
 * Finds users whose id, external id, openid or phone number is exactly the text; if there are any, also the user with this
 * account name.
 */
export async function findExactPeople(
  { reads, phones }: Pick<PostgresDatabase, 'reads' | 'phones'>,
  { text, phone, accountKey }: PeopleSearch,
): Promise<string[]> {
  const phoneKeys = phone === null ? [] : phones.keys(phone)
  const found = await reads.all<{ id: string | null }>(exactMatch, [text, phoneKeys])
  const ids = found.flatMap(({ id }) => id ?? [])
  if (ids.length === 0) return []
  const named = await reads.all<{ id: string }>('select id from users where account_key = $1', [
    accountKey,
  ])
  return [...ids, ...named.map(({ id }) => id)]
}
