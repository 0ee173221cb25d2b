import type { Identity } from './identity.ts'

/** A ticket as the store keeps it: the hash, never the ticket. */
export interface TicketRecord {
  readonly hash: string
  readonly identity: Identity
  readonly expiresAt: number
}

export interface TicketStore {
  /** Keeps a ticket; `now` lets the store drop those that are past their time. */
  issue(ticket: TicketRecord, now: number): Promise<void>
  /** Whose identity a ticket stands for that is unused, unexpired and not burnt; null otherwise. */
  find(request: { hash: string; now: number; maxTries: number }): Promise<Identity | null>
  /**
   * Counts one try against such a ticket and answers whether it had one left. Counting comes
   * before a password is looked at, so callers that race can never have more passwords evaluated than
   * there are tries.
   */
  spendTry(request: { hash: string; now: number; maxTries: number }): Promise<boolean>
}
