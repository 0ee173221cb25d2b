import {
  type AdministratorStore,
  type AdminSession,
  browserTtl,
  enrolmentTtl,
  type FactorProof,
  maxStepLead,
  type NewBrowser,
  type NewEnrolment,
  type SecondFactor,
} from '../../../../src/admin/index.ts'
import { changeUser, toRecord } from '../../account/user-rows.ts'
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
    async knowsBrowser({ hash, userId, now }) {
      const browser = state.knownBrowsers.get(browserKey(hash, userId))
      return browser?.userId === userId && isWithin(browser.expiresAt, browserTtl, now)
    },

    async draftSecret({ hash, sealedSecret, enrolmentHash, now }) {
      const userId = adminSessions.get(hash)?.userId
      const enrolment = userId === undefined ? undefined : validEnrolment(state, userId, now)
      if (enrolment?.hash !== enrolmentHash) return false
      change(hash, { pendingSecret: sealedSecret })
      return true
    },

    async enrol({ from, to, sealedSecret, step, recoveryHashes, browser, now }) {
      const session = adminSessions.get(from)
      if (session?.factor !== 'first' || session.pendingSecret !== sealedSecret) return false
      if (factors.has(to.userId) || !validEnrolment(state, to.userId, now)) return false
      tradeSession(state, from, to)
      factors.set(to.userId, { sealedSecret, lastStep: step, recoveryHashes })
      state.enrolments.delete(to.userId)
      addBrowser(state, to.userId, browser)
      return true
    },

    async complete({ from, to, proof, browser }) {
      const spent = spendProof(factors.get(to.userId), proof)
      if (spent === null || adminSessions.get(from)?.factor !== 'first') return false
      tradeSession(state, from, to)
      factors.set(to.userId, spent)
      addBrowser(state, to.userId, browser)
      return true
    },

    async renewRecoveryCodes({ userId, sessionHash, proof, recoveryHashes }) {
      if (adminSessions.get(sessionHash)?.userId !== userId) return false
      const spent = spendProof(factors.get(userId), proof)
      if (spent === null) return false
      factors.set(userId, { ...spent, recoveryHashes })
      return true
    },

    async changePassword({ userId, from, to, proof, session, browser }) {
      if (state.users.get(userId)?.passwordHash !== from) return 'outdated'
      const spent = spendProof(factors.get(userId), proof)
      if (spent === null || adminSessions.get(session.hash)?.userId !== userId)
        return 'proof_rejected'
      factors.set(userId, spent)
      changeUser(state, userId, { passwordHash: to })
      const ofUser = (row: { readonly userId: string }): boolean => row.userId === userId
      deleteRows(adminSessions, (row) => ofUser(row) && row.hash !== session.hash)
      change(session.hash, { passwordFingerprint: session.passwordFingerprint })
      deleteRows(state.knownBrowsers, ofUser)
      addBrowser(state, userId, browser)
      return 'changed'
    },
  }
}

/** Upper limit of known browsers of one administrator. */
const browserLimit = 10

const browserKey = (hash: string, userId: string): string => `${hash} ${userId}`

/** Makes a browser known to a user, and replaces the token that it had, also for others to whom it is known. */
function addBrowser(
  { knownBrowsers }: MemoryState,
  userId: string,
  { replaces, ...browser }: NewBrowser,
): void {
  const { hash } = browser
  const others = [...knownBrowsers.values()].filter((row) => row.hash === replaces)
  deleteRows(knownBrowsers, (row) => row.hash === replaces || row.expiresAt <= browser.createdAt)
  for (const other of others) {
    knownBrowsers.set(browserKey(hash, other.userId), { ...other, hash })
  }
  knownBrowsers.set(browserKey(hash, userId), { ...browser, userId })
  const newestFirst = [...knownBrowsers.values()]
    .filter((row) => row.userId === userId)
    .sort((a, b) => b.createdAt - a.createdAt || (a.hash < b.hash ? 1 : -1))
  for (const oldest of newestFirst.slice(browserLimit))
    knownBrowsers.delete(browserKey(oldest.hash, userId))
}

export function validEnrolment(
  { enrolments }: MemoryState,
  userId: string,
  now: number,
): NewEnrolment | undefined {
  const enrolment = enrolments.get(userId)
  return enrolment && isWithin(enrolment.expiresAt, enrolmentTtl, now) ? enrolment : undefined
}

const isWithin = (expiresAt: number, ttl: number, now: number): boolean =>
  expiresAt > now && expiresAt <= now + ttl

function secondFactorOf({ factors }: MemoryState, userId: string): SecondFactor | null {
  const factor = factors.get(userId)
  if (factor === undefined) return null
  const { sealedSecret, recoveryHashes } = factor
  return { sealedSecret, recoveryCodesLeft: recoveryHashes.length }
}

/** The factor without what the proof spends; null where it is spent already, or was never given out. */
export function spendProof(factor: FactorRow | undefined, proof: FactorProof): FactorRow | null {
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
