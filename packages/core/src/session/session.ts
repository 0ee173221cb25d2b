import type { UserRecord } from '../account/user.ts'

/** One sign-in on one device. Times are milliseconds since the epoch. */
export interface SessionRecord {
  readonly id: string
  readonly userId: string
  readonly appId: string
  readonly device: string | null
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
  /** How many refresh tokens were handed out after the first; the newest token carries this number. */
  readonly counter: number
  /** When `counter` last grew. */
  readonly rotatedAt: number
}

/** A session about to be opened; whose it is, the store decides in the same step. */
export type NewSession = Pick<SessionRecord, 'id' | 'appId' | 'device' | 'createdAt' | 'expiresAt'>

export interface SignedInCaller {
  readonly session: SessionRecord
  readonly user: UserRecord
}
