import type { Identity } from './identity.ts'

/** A ticket as it is stored: its hash, never the ticket. */
export interface TicketRecord {
  readonly hash: string
  readonly identity: Identity
  readonly expiresAt: number
}

/** A ticket that is accepted. */
export interface LiveTicket {
  readonly identity: Identity
  /**
   * Set where it was used within the last `replayMs`: the client may have lost the reply and repeats the call.
   */
  readonly used: { readonly userId: string; readonly proof: string | null } | null
}

export interface TicketStore {
  /** Stores a ticket and may delete those that expired before `now`. */
  issue(ticket: TicketRecord, now: number): Promise<void>
  /**
   * A ticket that has not expired and has tries left, or was used within the last `replayMs`; null otherwise. One that
   * was issued or used in the future, by more than a call takes, is of a clock that was ahead, and is not accepted.
   */
  find(request: {
    hash: string
    now: number
    /** How long a ticket lives, in ms. */
    ttl: number
    maxTries: number
    replayMs: number
  }): Promise<LiveTicket | null>
  /**
   * Counts one try of a ticket and returns whether one was left. The try is counted before the password is
   * verified, so concurrent callers never get more passwords verified than there are tries. A ticket that is used gets
   * all its tries back, so that its call may be repeated also where it succeeded at the last one.
   */
  spendTry(request: { hash: string; now: number; maxTries: number }): Promise<boolean>
  /** Gives back a try for which no password was verified. */
  returnTry(hash: string): Promise<void>
}
