import type { ProvenActor } from '@mianmi/core/admin'
import type { Database } from '../../database.ts'
import { prepareAdminSessions } from '../sign-in/admin-sessions.ts'
import { prepareFactors } from '../sign-in/factors.ts'

/**
 * Prepares the check of an administrator who acts with a code: consumes the code and returns true, or returns false where
 * it was used before, or the administrator may not act any more. Call it inside a transaction.
 */
export function prepareProvenActors(database: Database): (by: ProvenActor) => boolean {
  const sessions = prepareAdminSessions(database)
  const factors = prepareFactors(database)
  return ({ adminId, sessionHash, proof }) => {
    const { session, user: actor } = sessions.find(sessionHash) ?? {}
    if (actor?.id !== adminId || session?.factor !== 'full') return false
    if (actor.role !== 'admin' || actor.disabledAt !== null) return false
    return factors.spend(adminId, proof)
  }
}
