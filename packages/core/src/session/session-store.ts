import type { Caller, RefusedCaller } from './caller.ts'
import type { Generation, PresentedToken } from './rotation.ts'
import type { SessionRecord, SessionSummary, SignedInCaller } from './session.ts'

export interface SessionStore {
  /**
   * A session that has not ended, with its user, in one read. This runs on every call, so it returns no more
   * than every call needs.
   */
  find(sessionId: string): Promise<SignedInCaller | null>
  /**
   * The full record of a session, for a refresh. It may have expired. A read that begins after a refresh was answered, by
   * this process or another one, sees that refresh.
   */
  findRecord(sessionId: string): Promise<SessionRecord | null>
  /** The user's sessions that have not expired, newest first, `maxSessions` at most. */
  list(userId: string, now: number): Promise<SessionSummary[]>
  /**
   * Exchanges a refresh token whose MAC is right. Reads the session and its user, decides by `decideRefresh` and
   * writes the result, in one transaction. Of concurrent callers with the same newest token one gets `rotated`, and the
   * others `overlapping` where they read the session while it was the newest, and `repeated` otherwise. `reused` has ended the session. `not_found` where the session has ended or expired, the
   * token was never issued, or the user is an administrator.
   */
  refresh(request: RefreshRequest): Promise<RefreshResult>
  /**
   * Ends a session of this user. True for the caller who ended it; a repeated call changes nothing and returns
   * false.
   */
  end(session: { id: string; userId: string }): Promise<boolean>
  /** The same for a caller who ends a session of their own; the caller is checked by `refuseCaller` first. */
  revoke(request: { caller: Caller; sessionId: string }): Promise<boolean | RefusedCaller>
  /** Ends all sessions of the caller but the current one, and returns their number. The caller is checked likewise. */
  endOthers(caller: Caller): Promise<number | RefusedCaller>
}

export interface RefreshRequest {
  readonly sessionId: string
  readonly presented: PresentedToken
  readonly now: number
  /** When the session expires from now on, where it gets a new generation. */
  readonly expiresAt: number
  /** The random value that a session of an earlier version gets together with its new generation. */
  readonly secret: string
}

export type RefreshResult =
  | {
      readonly status: 'rotated' | 'overlapping' | 'repeated'
      /** The session as it is from now on. */
      readonly session: SessionRecord
      readonly issued: Generation
    }
  | { readonly status: 'reused' | 'user_disabled' | 'not_found' }
