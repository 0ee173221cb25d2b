import type { User } from '../account/user.ts'
import type { Rotation } from './rotation.ts'

/**
 * Upper limit of a user's sessions. Where a new one exceeds it, the one that was not seen for the longest time ends. A
 * time in the future, of a clock that was ahead, counts for nothing.
 */
export const maxSessions = 100

/** One sign-in on one device, as it is read on every call. Times are milliseconds since the epoch. */
export interface Session {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** A session as its user sees it in a list. */
export interface SessionSummary extends Session {
  readonly device: string | null
  readonly lastSeenAt: number
}

/** A session as it is stored. */
export interface SessionRecord extends SessionSummary, Rotation {
  /**
   * Random value in the MAC of the refresh tokens from generation `secretSince` on. Without this row they cannot be
   * forged, not even with SECRET_KEY. Null for a session of an earlier version until its next rotation.
   */
  readonly secret: string | null
  readonly secretSince: number
}

/** A new session. The store sets its user in the same transaction. */
export interface NewSession
  extends Pick<SessionRecord, 'id' | 'appId' | 'device' | 'createdAt' | 'expiresAt'> {
  readonly secret: string
}

export interface SignedInCaller {
  readonly session: Session
  readonly user: User
}
