import { canStillSignIn, type SignInRules } from '@mianmi/core'
import {
  isLastAdministrator,
  type Page,
  type PeopleFilter,
  type PeopleStore,
  type Person,
} from '@mianmi/core/admin'
import { prepareRemoval } from '../../account/removal.ts'
import { prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { prepareIdentities } from '../../identity/identity-rows.ts'
import { prepareAdministrators } from '../administrators/administrator-rows.ts'
import { prepareExactPeople } from './exact-people.ts'
import { preparePeoplePages } from './pages.ts'
import { conditionsOf, valuesOf } from './query-plans.ts'
import { preparePeople } from './rows.ts'

export function createPeopleStore(database: Database): PeopleStore {
  const { write, phones, checkpoints } = database
  const people = preparePeople(database)
  const pages = preparePeoplePages(database)
  const findExactly = prepareExactPeople(database)
  const users = prepareUsers(database)
  const { ofUser } = prepareIdentities(database)
  const { remove } = prepareRemoval(database)
  const { all: administrators } = prepareAdministrators(database)

  const isLast = (userId: string): boolean => isLastAdministrator(administrators(), userId)
  const canSignIn = (userId: string, rules: SignInRules): boolean => {
    const user = users.byId(userId)
    return user !== null && canStillSignIn({ ...user, identities: ofUser(userId) }, rules)
  }

  /** One page: an openid belongs to at most one user in each app, and the other values to at most one user. */
  const listExactly = (ids: readonly string[], filter: PeopleFilter): Page<Person> => {
    const others = { ...filter, search: null }
    const rows = people.among(ids, conditionsOf(others), valuesOf(others))
    return { items: rows.map(people.complete), next: null }
  }
  return {
    list: async (filter) => {
      const { search, cursor } = filter
      const ids = search === null || cursor !== undefined ? [] : findExactly(search)
      if (ids.length > 0) return listExactly(ids, filter)
      const { rows, next } = pages(filter)
      return { items: rows.map(people.complete), next }
    },
    find: async (userId) => people.find(userId),
    bindings: async (userId, now) => people.bindings(userId, now),
    disable: async (userId, at) =>
      write(() => {
        if (isLast(userId)) return 'last_administrator'
        if (!people.setDisabled(userId, at)) return 'not_found'
        people.endSessions(userId)
        return 'disabled'
      }),
    remove: async (userId) => {
      const result = await write(() => {
        if (people.find(userId) === null) return 'not_found'
        if (isLast(userId)) return 'last_administrator'
        remove(userId)
        return 'removed'
      })
      // Overwritten pages are still in the write-ahead log.
      if (result === 'removed') await checkpoints.truncate()
      return result
    },
    enable: async (userId) => write(() => people.setDisabled(userId, null)),
    endSessions: async ({ userId, sessionId }) =>
      write(() => people.endSessions(userId, sessionId)),
    clearPassword: async (userId, rules) =>
      write(() => {
        const person = people.find(userId)
        if (person === null) return null
        if (person.role === 'admin') return 'administrator'
        people.clearPassword(userId)
        people.endSessions(userId)
        return canSignIn(userId, rules)
      }),
    clearPhone: async (userId, rules) =>
      write(() => {
        if (people.find(userId) === null) return null
        users.clearPhone(userId)
        return canSignIn(userId, rules)
      }),
    phoneOf: async (userId) => {
      const sealed = people.sealedPhone(userId)
      return sealed === null ? null : phones.open(userId, sealed)
    },
    replaceKeys: async (change) => write(() => people.replaceKeys(change)),
  }
}
