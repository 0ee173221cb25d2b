import type { PeopleFilter, PeopleStore } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { prepareExactPeople } from './exact-people.ts'
import { preparePeoplePages } from './pages.ts'
import { conditionsOf, valuesOf } from './query-plans.ts'
import { createRestrictions } from './restrictions.ts'
import { preparePeople } from './rows.ts'

export function createPeopleStore(database: Database): PeopleStore {
  const { write, phones } = database
  const people = preparePeople(database)
  const pages = preparePeoplePages(database)
  const findExactly = prepareExactPeople(database)

  const readPage = (filter: PeopleFilter): ReturnType<typeof pages> => {
    const { search, cursor } = filter
    const ids = search === null || cursor !== undefined ? [] : findExactly(search)
    if (ids.length === 0) return pages(filter)
    const others = { ...filter, search: null }
    // One page: an openid belongs to at most one user in each app, and the other values to at most one user.
    return { rows: people.among(ids, conditionsOf(others), valuesOf(others)), next: null }
  }
  return {
    ...createRestrictions(database),
    list: async (filter) => {
      const { rows, next } = readPage(filter)
      return { items: rows.map(people.complete), next }
    },
    count: async (filter) => {
      const { rows, next } = readPage(filter)
      return { value: rows.length, isExact: next === null }
    },
    find: async (userId) => people.find(userId),
    names: async (userIds) => people.names(userIds),
    bindings: async (userId, now) => people.bindings(userId, now),
    enable: async (userId) => write(() => people.setDisabled(userId, null)),
    endSessions: async ({ userId, sessionId }) =>
      write(() => people.endSessions(userId, sessionId)),
    phonesOf: async (userIds) =>
      new Map(people.sealedPhones(userIds).map(({ id, sealed }) => [id, phones.open(id, sealed)])),
    phoneOf: async (userId) => {
      const sealed = people.sealedPhone(userId)
      return sealed === null ? null : phones.open(userId, sealed)
    },
    replaceKeys: async (change) => write(() => people.replaceKeys(change)),
  }
}
