import type { SessionRecord, SignedInCaller } from './session.ts'

export interface SessionStore {
  /**
   * A session that has not ended, with its user, in one read. This runs on every call, so it returns no more
   * than every call needs.
   */
  find(sessionId: string): Promise<SignedInCaller | null>
  /** The full session record (for refresh) and when its user was disabled, in one read. */
  findRecord(
    sessionId: string,
  ): Promise<{ session: SessionRecord; disabledAt: number | null } | null>
  /** The user's sessions that have not expired, newest first. */
  list(userId: string, now: number): Promise<SessionRecord[]>
  /**
   * Compare-and-set: moves the counter from `from` to `from + 1` and extends the session. Of concurrent callers
   * with the same `from` exactly one gets true.
   */
  advance(step: AdvanceStep): Promise<boolean>
  /**
   * Ends a session of this user. True for the caller who ended it; a repeated call changes nothing and returns
   * false.
   */
  end(session: { id: string; userId: string }): Promise<boolean>
  /** Ends all sessions of the user except one, and returns their number. */
  endOthers(keep: { id: string; userId: string }): Promise<number>
}

export interface AdvanceStep {
  readonly sessionId: string
  readonly from: number
  readonly now: number
  readonly expiresAt: number
}
