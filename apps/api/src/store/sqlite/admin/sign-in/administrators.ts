import type { AdministratorStore, AdminSession } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { prepareAdminSessions } from './admin-sessions.ts'
import { createPasswordChange } from './change-password.ts'
import { prepareEnrolments } from './enrolments.ts'
import { prepareFactors } from './factors.ts'
import { prepareKnownBrowsers } from './known-browsers.ts'
import { allOr, refuse } from './refusable.ts'

/** Each verb that writes is one immediate transaction, so what it checks still holds when it writes. */
export function createAdministratorStore(database: Database): AdministratorStore {
  const { write } = database
  const sessions = prepareAdminSessions(database)
  const factors = prepareFactors(database)
  const enrolments = prepareEnrolments(database)
  const browsers = prepareKnownBrowsers(database)

  /**
   * Replaces a session of the first factor by a full one. False when it no longer exists, is full already, or has
   * another pending secret.
   */
  const upgrade = (from: string, to: AdminSession, drafted: string | null): boolean => {
    if (!sessions.deleteFirstFactor(from, drafted)) return false
    sessions.insert(to)
    return true
  }
  /** Runs the steps in one transaction, which is rolled back when they return false. */
  const allOrNothing = async (steps: () => boolean): Promise<boolean> =>
    (await allOr(database, () => (steps() ? true : refuse(false)))) === true
  return {
    open: (session) => write(() => sessions.insert(session)),
    find: async (hash) => {
      const row = sessions.find(hash)
      return row && { ...row, secondFactor: factors.of(row.user.id) }
    },
    secondFactorOf: async (userId) => factors.of(userId),
    touch: (hash, now) => write(() => sessions.touch(hash, now)),
    end: (hash) => write(() => sessions.end(hash)),
    knowsBrowser: async (browser) => browsers.has(browser),
    draftSecret: ({ hash, sealedSecret, enrolmentHash, now }) =>
      write(() => {
        const userId = sessions.find(hash)?.session.userId
        if (userId === undefined || enrolments.valid(userId, now) !== enrolmentHash) return false
        sessions.draft(hash, sealedSecret)
        return true
      }),
    enrol: ({ from, to, sealedSecret, step, recoveryHashes, browser, now }) =>
      allOrNothing(() => {
        const { userId } = to
        if (!upgrade(from, to, sealedSecret)) return false
        if (enrolments.valid(userId, now) === null) return false
        if (!factors.insert(userId, { sealedSecret, step })) return false
        factors.replaceRecovery(userId, recoveryHashes)
        enrolments.remove(userId)
        browsers.add(userId, browser)
        return true
      }),
    complete: ({ from, to, proof, browser }) =>
      allOrNothing(() => {
        if (!factors.spend(to.userId, proof) || !upgrade(from, to, null)) return false
        browsers.add(to.userId, browser)
        return true
      }),
    renewRecoveryCodes: ({ userId, sessionHash, proof, recoveryHashes }) =>
      allOrNothing(() => {
        if (sessions.find(sessionHash)?.user.id !== userId) return false
        if (!factors.spend(userId, proof)) return false
        factors.replaceRecovery(userId, recoveryHashes)
        return true
      }),
    changePassword: createPasswordChange(database),
  }
}
