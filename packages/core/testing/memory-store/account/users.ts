import { canLoseNumber, changedFields, type UserStore } from '../../../src/index.ts'
import { ownsIdentity } from '../identity/identity-rows.ts'
import { refusalOfCaller } from '../session/callers.ts'
import { endOtherSessions } from '../session/sessions.ts'
import type { MemoryState, UserRow } from '../state.ts'
import { emit } from '../webhooks/outbox.ts'
import { deleteUser } from './removal.ts'
import { meansOf } from './sign-in-means.ts'
import {
  changeUser,
  clearPhone,
  requireUser,
  toRecord,
  userByAccount,
  userByPhone,
} from './user-rows.ts'

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

    async renewPasswordHash(userId, { from, to }) {
      const user = state.users.get(userId)
      if (user?.passwordHash !== from) return false
      state.users.set(userId, { ...user, passwordHash: to })
      return true
    },

    async updateProfile(caller, { nickname, avatarUrl }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const { userId } = caller
      const user = requireUser(state, userId)
      if (avatarUrl !== undefined && avatarUrl !== user.avatarUrl) state.avatars.delete(userId)
      const changed = {
        ...user,
        ...(nickname === undefined ? {} : { nickname }),
        ...(avatarUrl === undefined ? {} : { avatarUrl }),
      }
      state.users.set(userId, changed)
      emitUpdate(state, user, changed)
      return toRecord(changed)
    },

    async changePassword({ caller, from, to, provenBy, name }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const { userId, sessionId: keepSessionId } = caller
      const user = requireUser(state, userId)
      if (user.passwordHash !== from) return 'outdated'
      if (provenBy !== null && !ownsIdentity(state, userId, provenBy)) return 'unproven'
      if (name !== undefined && user.account !== null) return 'outdated'
      if (name !== undefined && userByAccount(state, name.accountKey)) return 'account_taken'
      const named = { ...user, ...name }
      if (from === null && named.account === null && named.phone === null) return 'unnamed'
      state.users.set(userId, { ...named, passwordHash: to })
      emitUpdate(state, user, named)
      endOtherSessions(state, { userId, keepSessionId })
      return 'changed'
    },

    async setPhone({ caller, provenBy, phone, rules }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      const { userId } = caller
      if (!ownsIdentity(state, userId, provenBy)) return 'unproven'
      const owner = userByPhone(state, phone)
      if (owner !== null && owner.id !== userId) {
        if (!canLoseNumber(meansOf(state, owner), rules)) return 'taken'
        clearPhone(state, owner.id)
      }
      const user = toRecord(changeUser(state, userId, { phone, phoneProvenAt: rules.now }))
      return owner === null || owner.id === userId ? user : { ...user, movedFrom: owner.id }
    },

    remove: async (userId) => deleteUser(state, userId),

    async removeCaller({ caller, provenBy }) {
      const refused = refusalOfCaller(state, caller)
      if (refused !== null) return refused
      if (!ownsIdentity(state, caller.userId, provenBy)) return 'unproven'
      deleteUser(state, caller.userId)
      return 'removed'
    },
  }
}

/** Tells that a user has other values, where one of them is part of the event. */
export function emitUpdate(state: MemoryState, before: UserRow, after: UserRow): void {
  const changed = changedFields(before, after)
  if (changed.length > 0) emit(state, { type: 'user.updated', userId: before.id, changed })
}
