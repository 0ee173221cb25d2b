import type { AdministratorStore } from '@mianmi/core/admin'
import { lockUsers } from '../../connection/index.ts'
import type { PostgresDatabase } from '../../database.ts'
import { createSweep } from '../../sweep.ts'
import { findAdminSession, insertAdminSession } from './admin-sessions.ts'
import { findEnrolment } from './enrolments.ts'
import { createFactorVerbs } from './factor-verbs.ts'
import { findSecondFactor } from './factors.ts'
import { isKnownBrowser } from './known-browsers.ts'

export function createAdministratorStore(database: PostgresDatabase): AdministratorStore {
  const { reads, writes, transaction } = database
  const sweep = createSweep(database, {
    table: 'operator_sessions',
    key: 'hash',
    time: 'expires_at',
  })
  return {
    ...createFactorVerbs(database),
    open: async (session) => {
      await insertAdminSession(writes, session)
      await sweep(session.createdAt)
    },
    find: async (hash) => {
      const row = await findAdminSession(reads, hash)
      return row && { ...row, secondFactor: await findSecondFactor(reads, row.user.id) }
    },
    secondFactorOf: (userId) => findSecondFactor(reads, userId),
    touch: async (hash, now) => void (await writes.run(touch, [hash, now])),
    end: async (hash) =>
      void (await writes.run('delete from operator_sessions where hash = $1', [hash])),
    knowsBrowser: (browser) => isKnownBrowser(reads, browser),
    draftSecret: ({ hash, sealedSecret, enrolmentHash, now }) =>
      transaction([], async (tx) => {
        const userId = (await findAdminSession(tx, hash))?.user.id
        if (userId === undefined) return false
        await lockUsers(tx, [userId])
        if ((await findEnrolment(tx, userId, now)) !== enrolmentHash) return false
        return (await tx.run(draft, [hash, sealedSecret])) === 1
      }),
  }
}

const touch = 'update operator_sessions set last_seen_at = $2 where hash = $1'
const draft = 'update operator_sessions set pending_secret = $2 where hash = $1'
