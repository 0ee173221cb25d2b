import {
  type AdministratorStore,
  type AdminSession,
  type FactorProof,
  maxStepLead,
  type SecondFactor,
} from '../../../../src/admin/index.ts'
import { toRecord } from '../../account/user-rows.ts'
import { deleteRows, type FactorRow, insertRow, type MemoryState } from '../../state.ts'

export function createAdministratorStore(state: MemoryState): AdministratorStore {
  const { adminSessions, factors } = state

  const change = (hash: string, changed: Partial<AdminSession>): void => {
    const session = adminSessions.get(hash)
    if (session !== undefined) adminSessions.set(hash, { ...session, ...changed })
  }
  return {
    open: async (session) => openAdminSession(state, session),

    async find(hash) {
      const session = adminSessions.get(hash)
      const user = session && state.users.get(session.userId)
      if (session === undefined || user === undefined) return null
      return { session, user: toRecord(user), secondFactor: secondFactorOf(state, user.id) }
    },

    secondFactorOf: async (userId) => secondFactorOf(state, userId),
    touch: async (hash, now) => change(hash, { lastSeenAt: now }),
    end: async (hash) => void adminSessions.delete(hash),
    draftSecret: async (hash, sealedSecret) => change(hash, { pendingSecret: sealedSecret }),

    async enrol({ from, to, sealedSecret, step, recoveryHashes }) {
      const session = adminSessions.get(from)
      if (session?.factor !== 'first' || session.pendingSecret !== sealedSecret) return false
      if (factors.has(to.userId)) return false
      tradeSession(state, from, to)
      factors.set(to.userId, { sealedSecret, lastStep: step, recoveryHashes })
      return true
    },

    async complete({ from, to, proof }) {
      const spent = spendProof(factors.get(to.userId), proof)
      if (spent === null || adminSessions.get(from)?.factor !== 'first') return false
      tradeSession(state, from, to)
      factors.set(to.userId, spent)
      return true
    },

    async renewRecoveryCodes({ userId, proof, recoveryHashes }) {
      const spent = spendProof(factors.get(userId), proof)
      if (spent === null) return false
      factors.set(userId, { ...spent, recoveryHashes })
      return true
    },
  }
}

function secondFactorOf({ factors }: MemoryState, userId: string): SecondFactor | null {
  const factor = factors.get(userId)
  if (factor === undefined) return null
  const { sealedSecret, recoveryHashes } = factor
  return { sealedSecret, recoveryCodesLeft: recoveryHashes.length }
}

/** The factor without what the proof spends; null where it is spent already, or was never given out. */
function spendProof(factor: FactorRow | undefined, proof: FactorProof): FactorRow | null {
  if (factor === undefined) return null
  if ('step' in proof) {
    const lead = factor.lastStep - proof.step
    return lead < 0 || lead > maxStepLead ? { ...factor, lastStep: proof.step } : null
  }
  const spent = [proof.recoveryHash, ...(proof.formerHashes ?? [])]
  const recoveryHashes = factor.recoveryHashes.filter((hash) => !spent.includes(hash))
  return recoveryHashes.length < factor.recoveryHashes.length ? { ...factor, recoveryHashes } : null
}

/** Opens a session; those that are past their time go with it. */
function openAdminSession({ adminSessions }: MemoryState, session: AdminSession): void {
  deleteRows(adminSessions, ({ expiresAt }) => expiresAt <= session.createdAt)
  insertRow(adminSessions, session.hash, { ...session, pendingSecret: null })
}

function tradeSession(state: MemoryState, from: string, to: AdminSession): void {
  openAdminSession(state, to)
  state.adminSessions.delete(from)
}
