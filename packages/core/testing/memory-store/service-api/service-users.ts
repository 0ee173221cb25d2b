import type { ServiceUser, ServiceUserRef, ServiceUserStore } from '../../../src/index.ts'
import { changeUser, userByExternalId } from '../account/user-rows.ts'
import { emitUpdate } from '../account/users.ts'
import { endAllSessions } from '../admin/people/people.ts'
import { userNotMerged } from '../admin/people/people-rows.ts'
import { identitiesOf, identityKey } from '../identity/identity-rows.ts'
import { createSessionStore } from '../session/sessions.ts'
import type { MemoryState, UserRow } from '../state.ts'
import { emit } from '../webhooks/outbox.ts'

export function createServiceUserStore(state: MemoryState): ServiceUserStore {
  const sessions = createSessionStore(state)
  /** A user whom a service may change. */
  const changeable = (userId: string): UserRow | null => {
    const user = userNotMerged(state, userId)
    return user === null || user.role === 'admin' ? null : user
  }
  return {
    async findSession(sessionId) {
      const caller = await sessions.find(sessionId)
      const externalId = caller && state.users.get(caller.user.id)?.externalId
      return caller && { ...caller, externalId: externalId ?? null }
    },

    async find(ref, wanted) {
      const user = findUser(state, ref)
      if (user === null || user.role === 'admin') return null
      return {
        ...toServiceUser(user),
        ...(wanted.identities && {
          identities: identitiesOf(state, user.id).map(({ appId, openid, unionid }) => ({
            appId,
            openid,
            unionid,
          })),
        }),
        ...(wanted.phone && { phone: user.phone }),
      }
    },

    async update(userId, { externalId, disabled, at }) {
      const user = changeable(userId)
      if (user === null) return 'not_found'
      const owner = externalId == null ? null : userByExternalId(state, externalId)
      if (owner !== null && owner.id !== userId) return 'external_id_taken'
      const changed = changeUser(state, userId, {
        ...(externalId !== undefined && { externalId }),
        ...(disabled !== undefined && { disabledAt: disabled ? (user.disabledAt ?? at) : null }),
      })
      emitUpdate(state, user, changed)
      const [was, is] = [user.disabledAt !== null, changed.disabledAt !== null]
      if (was !== is) emit(state, { type: is ? 'user.disabled' : 'user.enabled', userId })
      if (disabled === true) endAllSessions(state, userId)
      return 'updated'
    },

    endSessions: async (userId) =>
      changeable(userId) === null ? null : endAllSessions(state, userId),
  }
}

function findUser(state: MemoryState, ref: ServiceUserRef): UserRow | null {
  if ('userId' in ref) return survivor(state, state.users.get(ref.userId) ?? null)
  if ('externalId' in ref) return survivor(state, userByExternalId(state, ref.externalId))
  const userId = state.identities.get(identityKey(ref.identity))?.userId
  return userId === undefined ? null : userNotMerged(state, userId)
}

/** The user that this one was merged into, or the user itself. */
function survivor(state: MemoryState, user: UserRow | null): UserRow | null {
  if (user === null || user.mergedInto === null) return user
  return survivor(state, state.users.get(user.mergedInto) ?? null)
}

function toServiceUser(row: UserRow): ServiceUser {
  const { id, externalId, account, nickname, avatarUrl, disabledAt, createdAt } = row
  return { id, externalId, account, nickname, avatarUrl, disabledAt, createdAt }
}
