import type { SignedInCaller } from './session.ts'

export interface SessionStore {
  /** A live session with its user, in one read. An ended session is never found again. */
  find(sessionId: string): Promise<SignedInCaller | null>
  /**
   * Moves the counter from `from` to `from + 1` and extends the session. Of callers that race
   * from the same counter exactly one is told true.
   */
  advance(step: AdvanceStep): Promise<boolean>
  /** Ends the session for good. Told true by whoever ended it; a repeat changes nothing. */
  end(sessionId: string): Promise<boolean>
}

export interface AdvanceStep {
  readonly sessionId: string
  readonly from: number
  readonly now: number
  readonly expiresAt: number
}
