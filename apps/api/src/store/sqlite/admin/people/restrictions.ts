import { canStillSignIn, type SignInRules } from '@mianmi/core'
import { isLastAdministrator, type PeopleStore } from '@mianmi/core/admin'
import { prepareRemoval } from '../../account/removal.ts'
import { prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { prepareIdentities } from '../../identity/identity-rows.ts'
import { prepareAdministrators } from '../administrators/administrator-rows.ts'
import { preparePeople } from './rows.ts'

type Restrictions = Pick<PeopleStore, 'disable' | 'remove' | 'clearPassword' | 'clearPhone'>

/** The verbs that take a way to sign in from a user. */
export function createRestrictions(database: Database): Restrictions {
  const { write, checkpoints } = database
  const people = preparePeople(database)
  const users = prepareUsers(database)
  const { removeForGood } = prepareRemoval(database)
  const { all: administrators } = prepareAdministrators(database)
  const canSignIn = prepareCanSignIn(database)

  const isLast = (userId: string): boolean => isLastAdministrator(administrators(), userId)
  return {
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
        removeForGood(userId)
        return 'removed'
      })
      // Overwritten pages are still in the write-ahead log.
      if (result === 'removed') await checkpoints.truncate()
      return result
    },
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
  }
}

function prepareCanSignIn(database: Database): (userId: string, rules: SignInRules) => boolean {
  const users = prepareUsers(database)
  const { ofUser } = prepareIdentities(database)
  return (userId, rules) => {
    const user = users.byId(userId)
    return user !== null && canStillSignIn({ ...user, identities: ofUser(userId) }, rules)
  }
}
