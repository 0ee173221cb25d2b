import { isLastAdministrator, type PeopleStore } from '../../../../src/admin/index.ts'
import { canStillSignIn, type SignInRules } from '../../../../src/index.ts'
import { deleteUser } from '../../account/removal.ts'
import { meansOf } from '../../account/sign-in-means.ts'
import { changeUser, clearPhone, requireUser } from '../../account/user-rows.ts'
import { identityInApp, identityKey } from '../../identity/identity-rows.ts'
import { dropSessions } from '../../session/sessions.ts'
import { deleteRows, type MemoryState, type UserRow } from '../../state.ts'
import { emit } from '../../webhooks/outbox.ts'
import { administratorsOf } from '../administrators/administrator-rows.ts'
import { listPeople } from './people-list.ts'
import { bindingsOf, findPerson, userNotMerged } from './people-rows.ts'

export function createPeopleStore(state: MemoryState): PeopleStore {
  const find = (userId: string) => findPerson(state, userId)
  return {
    list: async (filter) => listPeople(state, filter),

    count: async (filter) => {
      const { items, next } = listPeople(state, filter)
      return { value: items.length, isExact: next === null }
    },

    find: async (userId) => find(userId),

    names: async (userIds) =>
      new Map(
        userIds.flatMap((id) => {
          const user = find(id)
          const name = user?.nickname ?? user?.account ?? null
          return name === null ? [] : [[id, name] as const]
        }),
      ),

    bindings: async (userId, now) => bindingsOf(state, userId, now),

    async disable(userId, at) {
      const person = find(userId)
      if (person === null) return 'not_found'
      if (isLastAdministrator(administratorsOf(state), userId)) return 'last_administrator'
      changeUser(state, userId, { disabledAt: person.disabledAt ?? at })
      if (person.disabledAt === null) emit(state, { type: 'user.disabled', userId })
      endAllSessions(state, userId)
      return 'disabled'
    },

    async remove(userId) {
      if (find(userId) === null) return 'not_found'
      if (isLastAdministrator(administratorsOf(state), userId)) return 'last_administrator'
      deleteUser(state, userId)
      return 'removed'
    },

    async enable(userId) {
      const person = find(userId)
      if (person === null) return false
      changeUser(state, userId, { disabledAt: null })
      if (person.disabledAt !== null) emit(state, { type: 'user.enabled', userId })
      return true
    },

    endSessions: async ({ userId, sessionId }) =>
      sessionId === undefined
        ? endAllSessions(state, userId)
        : dropSessions(state, (session) => session.userId === userId && session.id === sessionId),

    async clearPassword(userId, rules) {
      const user = userNotMerged(state, userId)
      if (user === null) return null
      if (user.role === 'admin') return 'administrator'
      endAllSessions(state, userId)
      return changeAndJudge(state, { ...user, passwordHash: null }, rules)
    },

    async clearPhone(userId, rules) {
      const user = userNotMerged(state, userId)
      if (user === null) return null
      clearPhone(state, userId)
      return changeAndJudge(state, requireUser(state, userId), rules)
    },

    phonesOf: async (userIds) =>
      new Map(
        userIds.flatMap((id) => {
          const phone = userNotMerged(state, id)?.phone ?? null
          return phone === null ? [] : [[id, phone] as const]
        }),
      ),

    phoneOf: async (userId) => userNotMerged(state, userId)?.phone ?? null,

    async replaceKeys({ userId, appId, from, to }) {
      const identity = identityInApp(state, userId, appId)
      if (identity === null || identity.sealedKey !== from) return false
      const { sealed, fingerprint } = to
      const keys = { sealedKey: sealed, keyFingerprint: fingerprint, previousKey: null }
      state.identities.set(identityKey(identity), { ...identity, ...keys })
      return true
    },
  }
}

/** Ends the sessions of the mini programs and of the console, and returns how many. */
export function endAllSessions(state: MemoryState, userId: string): number {
  const ofUser = (session: { readonly userId: string }): boolean => session.userId === userId
  return dropSessions(state, ofUser) + deleteRows(state.adminSessions, ofUser)
}

/** Stores the row, and returns whether its user can still sign in. */
function changeAndJudge(state: MemoryState, user: UserRow, rules: SignInRules): boolean {
  state.users.set(user.id, user)
  return canStillSignIn(meansOf(state, user), rules)
}
