import { maxSessions } from '@mianmi/core'
import type { Person, PersonIdentity, PersonInFull, PersonSession } from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'
import { bindingColumns } from '../../identity/identity-reads.ts'

/** The columns of a person, selected from `users`. */
export const personColumns = `users.id, users.account, users.phone, users.nickname,
  users.avatar_url as "avatarUrl", users.role, users.created_at as "createdAt",
  users.disabled_at as "disabledAt", users.external_id as "externalId"`

export type PersonRow = Omit<Person, 'lastSeenAt' | 'appIds'>

interface PersonUse {
  readonly id: string
  readonly lastSeenAt: number | null
  readonly appIds: readonly string[]
}

const uses = `select w.id, (select max(s.last_seen_at) from sessions s where s.user_id = w.id) as "lastSeenAt",
    array(select i.app_id from identities i where i.user_id = w.id
      order by i.bound_at, i.app_id) as "appIds"
  from unnest($1::text[]) as w(id)`

/** Adds what is not in the users' own rows. Only for the users that are shown. */
export async function completePeople(
  queries: Queries,
  rows: readonly PersonRow[],
): Promise<Person[]> {
  const found = await queries.all<PersonUse>(uses, [rows.map(({ id }) => id)])
  const usesById = new Map(found.map((use) => [use.id, use]))
  return rows.map((row) => {
    const { id, account, phone, nickname, avatarUrl, externalId, role, createdAt, disabledAt } = row
    const { lastSeenAt = null, appIds = [] } = usesById.get(id) ?? {}
    const shown = {
      id,
      account,
      phone,
      nickname,
      avatarUrl,
      externalId,
      role,
      createdAt,
      disabledAt,
    }
    return { ...shown, lastSeenAt, appIds }
  })
}

const people = `select ${personColumns}, users.password_hash is not null as "hasPassword"
  from users where users.id = any($1::text[]) and users.merged_into is null`

/** The users with these ids, by id. Without those who were merged into another one. */
export async function findPeople(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, PersonInFull['person']>> {
  const rows = await queries.all<PersonRow & { readonly hasPassword: boolean }>(people, [ids])
  const completed = await completePeople(queries, rows)
  return new Map(
    completed.map((person, index) => [
      person.id,
      { ...person, hasPassword: rows[index]?.hasPassword ?? false },
    ]),
  )
}

export const findPerson = async (
  queries: Queries,
  id: string,
): Promise<PersonInFull['person'] | null> => (await findPeople(queries, [id])).get(id) ?? null

export async function findNames(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await queries.all<{ id: string; name: string }>(
    `select id, coalesce(nickname, account) as name from users where id = any($1::text[])
       and merged_into is null and coalesce(nickname, account) is not null`,
    [ids],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export const findPersonIdentities = (queries: Queries, userId: string): Promise<PersonIdentity[]> =>
  queries.all<PersonIdentity>(
    `select i.app_id as "appId", i.openid, i.unionid, ${bindingColumns} from identities i
     where i.user_id = $1 order by i.bound_at, i.app_id`,
    [userId],
  )

export const findPersonSessions = (
  queries: Queries,
  userId: string,
  now: number,
): Promise<PersonSession[]> =>
  queries.all<PersonSession>(
    `select id, app_id as "appId", device, created_at as "createdAt",
       last_seen_at as "lastSeenAt", expires_at as "expiresAt" from sessions
     where user_id = $1 and expires_at > $2
     order by created_at desc, id desc limit ${maxSessions}`,
    [userId, now],
  )

export type ActiveUserState = Pick<Person, 'role' | 'disabledAt'>

/** What the verbs on people decide by; null where the user does not exist or was merged into another one. */
export const findActiveUser = (queries: Queries, userId: string): Promise<ActiveUserState | null> =>
  queries.first<ActiveUserState>(
    `select role, disabled_at as "disabledAt" from users where id = $1 and merged_into is null`,
    [userId],
  )
