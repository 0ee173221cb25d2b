import {
  isLastAdministrator,
  type ProvenActor,
  type RoleRefusal,
  type RoleStore,
} from '../../../../src/admin/index.ts'
import { changeUser, insertUser, userByAccount } from '../../account/user-rows.ts'
import type { FactorRow, MemoryState } from '../../state.ts'
import { spendProof, validEnrolment } from '../sign-in/administrators.ts'
import { administratorsOf, removeFactors } from './administrator-rows.ts'

export function createRoleStore(state: MemoryState): RoleStore {
  return {
    list: async (now) => listAdministrators(state, now),

    async add({ user, enrolment, by }) {
      const spent = spendActorsProof(state, by)
      if (spent === null) return 'proof_rejected'
      if (user.accountKey !== null && userByAccount(state, user.accountKey) !== null)
        return 'account_taken'
      insertUser(state, user, null)
      changeUser(state, user.id, { role: 'admin' })
      state.enrolments.set(user.id, enrolment)
      state.factors.set(by.adminId, spent)
      return 'added'
    },

    async remove({ userId, by }) {
      const refused = spendForChange(state, userId, by)
      if (refused !== null) return refused
      removeFactors(state, userId)
      changeUser(state, userId, { role: 'user' })
      return 'removed'
    },

    async resetFactor({ userId, enrolment, by }) {
      const refused = spendForChange(state, userId, by)
      if (refused !== null) return refused
      removeFactors(state, userId)
      state.enrolments.set(userId, enrolment)
      return 'reset'
    },
  }
}

function listAdministrators(state: MemoryState, now: number) {
  return [...state.users.values()]
    .filter(({ role, mergedInto }) => role === 'admin' && mergedInto === null)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    .map(({ id, account, createdAt, disabledAt }) => {
      const seen = [...state.adminSessions.values()]
        .filter(({ userId, factor, expiresAt }) => {
          return userId === id && factor === 'full' && expiresAt > now
        })
        .map(({ lastSeenAt }) => lastSeenAt)
      return {
        id,
        account,
        createdAt,
        disabledAt,
        lastSeenAt: seen.length === 0 ? null : Math.max(...seen),
        hasSecondFactor: state.factors.has(id),
        enrolmentExpiresAt: validEnrolment(state, id, now)?.expiresAt ?? null,
      }
    })
}

/** The factor of the administrator who acts, without what the proof spends; null where the proof is refused. */
export function spendActorsProof(state: MemoryState, by: ProvenActor): FactorRow | null {
  const { adminId, sessionHash, proof } = by
  const actor = state.users.get(adminId)
  const session = state.adminSessions.get(sessionHash)
  if (actor?.role !== 'admin' || actor.disabledAt !== null) return null
  if (session?.userId !== adminId || session.factor !== 'full') return null
  return spendProof(state.factors.get(adminId), proof)
}

/** Consumes the proof for a change of this administrator, or says why the change is refused. */
function spendForChange(state: MemoryState, userId: string, by: ProvenActor): RoleRefusal | null {
  const spent = spendActorsProof(state, by)
  if (spent === null) return 'proof_rejected'
  const administrators = administratorsOf(state)
  if (!administrators.some(({ id }) => id === userId)) return 'not_found'
  if (isLastAdministrator(administrators, userId)) return 'last_administrator'
  state.factors.set(by.adminId, spent)
  return null
}
