import type { User } from '../account/user.ts'

/** One sign-in on one device, as every call finds it. Times are milliseconds since the epoch. */
export interface Session {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** A session as the store keeps it. */
export interface SessionRecord extends Session {
  readonly device: string | null
  readonly lastSeenAt: number
  /** How many refresh tokens were handed out after the first; the newest token carries this number. */
  readonly counter: number
  /** When `counter` last grew. */
  readonly rotatedAt: number
}

/** A session about to be opened; whose it is, the store decides in the same step. */
export type NewSession = Pick<SessionRecord, 'id' | 'appId' | 'device' | 'createdAt' | 'expiresAt'>

export interface SignedInCaller {
  readonly session: Session
  readonly user: User
}
