import type { SessionRecord, SignedInCaller } from './session.ts'

export interface SessionStore {
  /**
   * A live session with its user, in one read. An ended session is never found again. Every call asks for
   * this one, so it answers no more than every call needs.
   */
  find(sessionId: string): Promise<SignedInCaller | null>
  /** The same session for whoever moves it on, and since when its user is disabled, in one read. */
  findRecord(
    sessionId: string,
  ): Promise<{ session: SessionRecord; disabledAt: number | null } | null>
  /** The sessions of a user that are not past their time, newest first. */
  list(userId: string, now: number): Promise<SessionRecord[]>
  /**
   * Moves the counter from `from` to `from + 1` and extends the session. Of callers that race
   * from the same counter exactly one is told true.
   */
  advance(step: AdvanceStep): Promise<boolean>
  /** Ends a session of this user for good. Told true by whoever ended it; a repeat changes nothing. */
  end(session: { id: string; userId: string }): Promise<boolean>
  /** Ends all sessions of the user but one, and answers how many those were. */
  endOthers(keep: { id: string; userId: string }): Promise<number>
}

export interface AdvanceStep {
  readonly sessionId: string
  readonly from: number
  readonly now: number
  readonly expiresAt: number
}
