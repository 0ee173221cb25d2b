import type { AdministratorStore, AdminSession } from '@mianmi/core/admin'
import { findUser, setUserPassword } from '../../account/user-rows.ts'
import { lockUsers, type Transaction } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { createSweep } from '../../sweep.ts'
import {
  deleteFirstFactor,
  endAdminSessions,
  findAdminSession,
  insertAdminSession,
  renewAdminSession,
} from './admin-sessions.ts'
import { findEnrolment, removeEnrolment } from './enrolments.ts'
import { insertSecondFactor, replaceRecoveryCodes, spendProof } from './factors.ts'
import { addBrowser, browserLocks, forgetBrowsers } from './known-browsers.ts'
import { allOr, refuse } from './refusable.ts'

type FactorVerbs = Pick<
  AdministratorStore,
  'enrol' | 'complete' | 'renewRecoveryCodes' | 'changePassword'
>
type Request<Verb extends keyof FactorVerbs> = Parameters<FactorVerbs[Verb]>[0]

/**
 * The verbs that consume a code. Each locks the administrator's own row, so those of one administrator run one after the
 * other, and is rolled back where it is refused.
 */
export function createFactorVerbs(database: PostgresDatabase): FactorVerbs {
  const sweep = createSweep(database, {
    table: 'known_browsers',
    key: 'hash, user_id',
    time: 'expires_at',
  })
  const sweepAt = (now: number): Promise<void> => sweep(database.clock.observe(now).earliest)
  return {
    enrol: async (change) => {
      const enrolled = await allOr(database, browserLocks(change.browser), async (tx) =>
        (await enrol(tx, change)) ? true : refuse(false),
      )
      await sweepAt(change.browser.createdAt)
      return enrolled
    },
    complete: async (change) => {
      const completed = await allOr(database, browserLocks(change.browser), async (tx) =>
        (await complete(tx, change)) ? true : refuse(false),
      )
      await sweepAt(change.browser.createdAt)
      return completed
    },
    renewRecoveryCodes: ({ userId, sessionHash, proof, recoveryHashes }) =>
      allOr(database, [], async (tx) => {
        await lockUsers(tx, [userId])
        if ((await findAdminSession(tx, sessionHash))?.user.id !== userId) return refuse(false)
        if (!(await spendProof(tx, userId, proof))) return refuse(false)
        await replaceRecoveryCodes(tx, userId, recoveryHashes)
        return true
      }),
    changePassword: (change) =>
      allOr(database, browserLocks(change.browser), async (tx) => {
        const refusal = await changePassword(tx, change)
        return refusal === null ? 'changed' : refuse(refusal)
      }),
  }
}

async function enrol(
  tx: Transaction,
  { from, to, sealedSecret, step, recoveryHashes, browser, now }: Request<'enrol'>,
): Promise<boolean> {
  const { userId } = to
  await lockUsers(tx, [userId])
  if (!(await upgrade(tx, { from, to, drafted: sealedSecret }))) return false
  if ((await findEnrolment(tx, userId, now)) === null) return false
  if (!(await insertSecondFactor(tx, userId, { sealedSecret, step }))) return false
  await replaceRecoveryCodes(tx, userId, recoveryHashes)
  await removeEnrolment(tx, userId)
  await addBrowser(tx, userId, browser)
  return true
}

async function complete(
  tx: Transaction,
  { from, to, proof, browser }: Request<'complete'>,
): Promise<boolean> {
  await lockUsers(tx, [to.userId])
  if (!(await spendProof(tx, to.userId, proof))) return false
  if (!(await upgrade(tx, { from, to, drafted: null }))) return false
  await addBrowser(tx, to.userId, browser)
  return true
}

/**
 * Replaces a session of the first factor by a full one. False when it no longer exists, is full already, or has another
 * pending secret.
 */
async function upgrade(
  tx: Transaction,
  {
    from,
    to,
    drafted,
  }: { readonly from: string; readonly to: AdminSession; readonly drafted: string | null },
): Promise<boolean> {
  if (!(await deleteFirstFactor(tx, from, drafted))) return false
  await insertAdminSession(tx, to)
  return true
}

/** Returns why the change is refused; null where it is not. */
async function changePassword(
  tx: Transaction,
  { userId, from, to, proof, session, browser }: Request<'changePassword'>,
): Promise<'outdated' | 'proof_rejected' | null> {
  await lockUsers(tx, [userId])
  if ((await findUser(tx, userId))?.passwordHash !== from) return 'outdated'
  if (!(await spendProof(tx, userId, proof))) return 'proof_rejected'
  if ((await findAdminSession(tx, session.hash))?.user.id !== userId) return 'proof_rejected'
  await setUserPassword(tx, userId, to)
  await renewAdminSession(tx, session)
  await endAdminSessions(tx, { userId, keep: session.hash })
  await forgetBrowsers(tx, userId)
  await addBrowser(tx, userId, browser)
  return null
}
