import type { User } from '../account/user.ts'

/** One sign-in on one device, as it is read on every call. Times are milliseconds since the epoch. */
export interface Session {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** A session as it is stored. */
export interface SessionRecord extends Session {
  readonly device: string | null
  readonly lastSeenAt: number
  /** How many refresh tokens were issued after the first. The newest token carries this number. */
  readonly counter: number
  /** When `counter` last changed. */
  readonly rotatedAt: number
}

/** A new session. The store sets its user in the same transaction. */
export type NewSession = Pick<SessionRecord, 'id' | 'appId' | 'device' | 'createdAt' | 'expiresAt'>

export interface SignedInCaller {
  readonly session: Session
  readonly user: User
}
