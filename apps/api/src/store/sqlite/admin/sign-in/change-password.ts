import type { AdministratorStore } from '@mianmi/core/admin'
import { prepareSetPassword, prepareUsers } from '../../account/users.ts'
import type { Database } from '../../database.ts'
import { prepareAdminSessions } from './admin-sessions.ts'
import { prepareFactors } from './factors.ts'
import { prepareKnownBrowsers } from './known-browsers.ts'
import { allOr, refuse } from './refusable.ts'

/** One transaction, which a refusal rolls back. */
export function createPasswordChange(database: Database): AdministratorStore['changePassword'] {
  const sessions = prepareAdminSessions(database)
  const factors = prepareFactors(database)
  const browsers = prepareKnownBrowsers(database)
  const users = prepareUsers(database)
  const setPassword = prepareSetPassword(database)
  return ({ userId, from, to, proof, session, browser }) =>
    allOr(database, () => {
      if (users.byId(userId)?.passwordHash !== from) return refuse('outdated')
      if (!factors.spend(userId, proof)) return refuse('proof_rejected')
      if (sessions.find(session.hash)?.user.id !== userId) return refuse('proof_rejected')
      setPassword(userId, to)
      sessions.renew(session)
      sessions.endOthers(userId, session.hash)
      browsers.forget(userId)
      browsers.add(userId, browser)
      return 'changed'
    })
}
