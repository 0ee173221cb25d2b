import type { Identity } from './identity.ts'

/** A ticket as the store keeps it: the hash, never the ticket. */
export interface TicketRecord {
  readonly hash: string
  readonly identity: Identity
  readonly expiresAt: number
}

/** A ticket that may still be presented. */
export interface LiveTicket {
  readonly identity: Identity
  /** Set when it was used a moment ago: whoever lost the reply may ask for it again. */
  readonly used: { readonly userId: string; readonly proof: string | null } | null
}

export interface TicketStore {
  /** Keeps a ticket; `now` lets the store drop those that are past their time. */
  issue(ticket: TicketRecord, now: number): Promise<void>
  /** A ticket that is unexpired and not burnt, or was used within the last `replayMs`; null otherwise. */
  find(request: {
    hash: string
    now: number
    maxTries: number
    replayMs: number
  }): Promise<LiveTicket | null>
  /**
   * Counts one try against a ticket and answers whether it had one left. Counting comes
   * before a password is looked at, so callers that race can never have more passwords evaluated than
   * there are tries.
   */
  spendTry(request: { hash: string; now: number; maxTries: number }): Promise<boolean>
}
