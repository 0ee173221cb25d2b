import type { AdminSession, NewBrowser, NewEnrolment } from '../../../../src/admin/index.ts'
import { hour, minute, now, unique } from '../../drafts.ts'
import type { TestedStores } from '../../stores.ts'

const step = 60_000_000

export const newAdminSession = (change: Partial<AdminSession> = {}): AdminSession => ({
  hash: unique('token'),
  userId: 'root',
  factor: 'first',
  createdAt: now,
  lastSeenAt: now,
  expiresAt: now + 5 * minute,
  passwordFingerprint: 'mark',
  pendingSecret: null,
  ...change,
})

export const newBrowser = (change: Partial<NewBrowser> = {}): NewBrowser => ({
  hash: unique('browser'),
  replaces: null,
  createdAt: now,
  expiresAt: now + 24 * hour,
  ...change,
})

/** Opens a session of the first factor where nothing else is given. */
export async function openSession(
  { administrators }: TestedStores,
  change: Partial<AdminSession> = {},
): Promise<AdminSession> {
  const session = newAdminSession(change)
  await administrators.open(session)
  return session
}

/**
 * Enrols an app whose newest step is 60,000,000, with the recovery code `recovery of ID`, in the session
 * `session of ID` and the browser `browser of ID`.
 *
 * @param enrolment the code that the administrator has; a new one where none is given
 */
export async function enrolAdministrator(
  stores: TestedStores,
  userId: string,
  enrolment?: NewEnrolment,
): Promise<void> {
  const { administrators } = stores
  const code = enrolment ?? { hash: unique('enrolment'), expiresAt: now + hour }
  if (enrolment === undefined) await stores.giveEnrolment(userId, code)
  const { hash } = await openSession(stores, { userId })
  const draft = { hash, sealedSecret: `secret of ${userId}`, enrolmentHash: code.hash, now }
  const enrolled =
    (await administrators.draftSecret(draft)) &&
    (await administrators.enrol({
      from: hash,
      to: newAdminSession({ userId, factor: 'full', hash: `session of ${userId}` }),
      sealedSecret: draft.sealedSecret,
      step,
      recoveryHashes: [`recovery of ${userId}`],
      browser: newBrowser({ hash: `browser of ${userId}` }),
      now,
    }))
  if (!enrolled) throw new Error(`${userId} was not enrolled`)
}
