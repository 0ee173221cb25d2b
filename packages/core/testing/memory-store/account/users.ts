import { canLoseNumber, type UserStore } from '../../../src/index.ts'
import { endOtherSessions } from '../session/sessions.ts'
import type { MemoryState } from '../state.ts'
import { removeUser } from './removal.ts'
import { correctProof, meansOf } from './sign-in-means.ts'
import { changeUser, toRecord, userByAccount, userByPhone } from './user-rows.ts'

export function createUserStore(state: MemoryState): UserStore {
  return {
    async findByAccount(accountKey) {
      const user = userByAccount(state, accountKey)
      return user && toRecord(user)
    },

    async findByPhone(phone) {
      const user = userByPhone(state, phone)
      return user && toRecord(user)
    },

    findPasswordHash: async (userId) => state.users.get(userId)?.passwordHash ?? null,

    async updateProfile(userId, { nickname, avatarUrl }) {
      const user = state.users.get(userId)
      if (user === undefined) return null
      if (avatarUrl !== undefined && avatarUrl !== user.avatarUrl) state.avatars.delete(userId)
      const changed = {
        ...user,
        ...(nickname === undefined ? {} : { nickname }),
        ...(avatarUrl === undefined ? {} : { avatarUrl }),
      }
      state.users.set(userId, changed)
      return toRecord(changed)
    },

    async changePassword({ userId, from, to, keepSessionId, name }) {
      const user = state.users.get(userId)
      if (user === undefined || user.passwordHash !== from) return 'outdated'
      if (name !== undefined && user.account !== null) return 'outdated'
      if (name !== undefined && userByAccount(state, name.accountKey)) return 'account_taken'
      const named = { ...user, ...name }
      if (from === null && named.account === null && named.phone === null) return 'unnamed'
      state.users.set(userId, { ...named, passwordHash: to })
      endOtherSessions(state, { userId, keepSessionId })
      return 'changed'
    },

    async setPhone(userId, phone, rules) {
      const owner = userByPhone(state, phone)
      if (owner !== null && owner.id !== userId) {
        correctProof(state, owner, rules.now)
        if (!canLoseNumber(meansOf(state, owner), rules)) return 'taken'
        if (!state.users.has(userId)) return null
        changeUser(state, owner.id, { phone: null, phoneProvenAt: null })
      }
      const changed = changeUser(state, userId, { phone, phoneProvenAt: rules.now })
      return changed && toRecord(changed)
    },

    remove: async (userId) => removeUser(state, userId),
  }
}
