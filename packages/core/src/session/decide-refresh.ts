import type { Role } from '../account/user.ts'
import { decideRotation } from './rotation.ts'
import type { SessionRecord } from './session.ts'
import type { RefreshRequest, RefreshResult } from './session-store.ts'

/** A session with its user's role and when the user was disabled, as they are read in the transaction of a refresh. */
export interface FoundSession {
  readonly session: SessionRecord
  readonly role: Role
  readonly disabledAt: number | null
}

/**
 * Decides about a refresh token inside a store's transaction. The store then writes the returned session for `rotated`
 * and `repeated`, and deletes the session for `reused`. Any other status changes nothing.
 */
export function decideRefresh(found: FoundSession | null, request: RefreshRequest): RefreshResult {
  const { presented, now } = request
  if (found === null || found.session.expiresAt <= now) return { status: 'not_found' }
  // A session from before its user became an administrator.
  if (found.role === 'admin') return { status: 'not_found' }
  if (found.disabledAt !== null) return { status: 'user_disabled' }
  const decision = decideRotation(found.session, presented, now)
  if (decision.status === 'refused') return { status: 'not_found' }
  if (decision.status === 'reused') return decision
  const { status, issued, rotation } = decision
  const session = { ...found.session, ...rotation }
  if (status !== 'rotated') return { status, issued, session }
  const { expiresAt, secret } = request
  const extended = { ...session, lastSeenAt: now, expiresAt }
  if (session.secret !== null) return { status, issued, session: extended }
  return { status, issued, session: { ...extended, secret, secretSince: issued.counter } }
}
