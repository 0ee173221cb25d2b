import type { PeopleFilter, PeopleStore } from '@mianmi/core/admin'
import type { PostgresDatabase } from '../../database.ts'
import { findExactPeople } from './exact-people.ts'
import { readPeoplePage } from './pages.ts'
import {
  completePeople,
  findNames,
  findPerson,
  findPersonIdentities,
  findPersonSessions,
  type PersonRow,
  personColumns,
} from './people-rows.ts'
import { bind, conditionsOf, valuesOf } from './query-plans.ts'
import { createRestrictions } from './restrictions.ts'

export function createPeopleStore(database: PostgresDatabase): PeopleStore {
  const { reads, writes, phones } = database
  return {
    ...createRestrictions(database),
    list: async (filter) => {
      const { rows, next } = await readPage(database, filter)
      return { items: await completePeople(reads, rows), next }
    },
    count: async (filter) => {
      const { rows, next } = await readPage(database, filter)
      return { value: rows.length, isExact: next === null }
    },
    find: (userId) => findPerson(reads, userId),
    names: (userIds) => findNames(reads, userIds),
    bindings: async (userId, now) => ({
      identities: await findPersonIdentities(reads, userId),
      sessions: await findPersonSessions(reads, userId, now),
    }),
    phonesOf: async (userIds) => {
      const rows = await reads.all<{ id: string; sealed: string }>(
        `select id, sealed_phone as sealed from users where id = any($1::text[])
           and merged_into is null and sealed_phone is not null`,
        [userIds],
      )
      return new Map(rows.map(({ id, sealed }) => [id, phones.open(id, sealed)]))
    },
    phoneOf: async (userId) => {
      const row = await reads.first<{ sealed: string | null }>(
        'select sealed_phone as sealed from users where id = $1 and merged_into is null',
        [userId],
      )
      return row?.sealed ? phones.open(userId, row.sealed) : null
    },
    replaceKeys: async ({ userId, appId, from, to }) =>
      (await writes.run(
        `update identities set sealed_key = $4, key_fingerprint = $5, previous_key = null
         where user_id = $1 and app_id = $2 and sealed_key = $3`,
        [userId, appId, from, to.sealed, to.fingerprint],
      )) === 1,
  }
}

async function readPage(
  database: PostgresDatabase,
  filter: PeopleFilter,
): ReturnType<typeof readPeoplePage> {
  const { reads } = database
  const { search, cursor } = filter
  const isFirst = search !== null && cursor === undefined
  const ids = isFirst ? await findExactPeople(database, search) : []
  if (ids.length === 0) return readPeoplePage(reads, filter)
  const others = { ...filter, search: null }
  // One page: an openid belongs to at most one user in each app, and the other values to at most one user.
  const rows = await reads.all<PersonRow>(
    ...bind(
      `select ${personColumns} from users where users.id = any(:ids::text[])
         and ${conditionsOf(others).join(' and ')}
       order by users.created_at desc, users.id desc`,
      { ...valuesOf(others), ids },
    ),
  )
  return { rows, next: null }
}
