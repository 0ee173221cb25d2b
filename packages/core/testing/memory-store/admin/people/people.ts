import type { PeopleStore } from '../../../../src/admin/index.ts'
import { changeUser } from '../../account/user-rows.ts'
import { identityInApp, identityKey } from '../../identity/identity-rows.ts'
import { deleteRows, type MemoryState } from '../../state.ts'
import { listPeople } from './people-list.ts'
import { bindingsOf, findPerson, userNotMerged } from './people-rows.ts'

export function createPeopleStore(state: MemoryState): PeopleStore {
  const find = (userId: string) => findPerson(state, userId)
  return {
    list: async (filter) => listPeople(state, filter),

    find: async (userId) => find(userId),

    bindings: async (userId, now) => bindingsOf(state, userId, now),

    async disable(userId, at) {
      const person = find(userId)
      if (person === null) return false
      changeUser(state, userId, { disabledAt: person.disabledAt ?? at })
      deleteRows(state.sessions, (session) => session.userId === userId)
      return true
    },

    enable: async (userId) =>
      find(userId) !== null && changeUser(state, userId, { disabledAt: null }) !== null,

    endSessions: async ({ userId, sessionId }) =>
      deleteRows(
        state.sessions,
        (session) =>
          session.userId === userId && (sessionId === undefined || session.id === sessionId),
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
