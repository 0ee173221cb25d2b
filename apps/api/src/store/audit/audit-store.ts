import type { AuditEvent, AuditLog } from '@mianmi/core'
import type { AuditVerification } from './verification.ts'

/**
 * The audit log: lines with a chain of MACs (`line-mac.ts`), day counts, and the inbox for the lines of processes that
 * have no SECRET_KEY. `record`, `write`, `tally` and `takeInbox` need `open` first.
 */
export interface AuditStore extends AuditLog {
  /**
   * Loads the key of the chain, or starts a chain. Of callers that race one starts it. A second call changes nothing.
   *
   * @throws UnopenedError where its key was sealed under another SECRET_KEY
   */
  open(): Promise<AuditChainStart>
  /** The sealed key of the chain; null where the service has not started one. A plain read. */
  sealedKey(): Promise<string | null>
  /** The newest line and its MAC in hexadecimal; null where there is none. A plain read. */
  head(): Promise<{ readonly id: number; readonly mac: string } | null>
  /** The device of the newest line with this action; null where there is none. A plain read. */
  newestDevice(action: 'system.keys'): Promise<string | null>
  /** Leaves the line of a command for `takeInbox`; resolves when it is on disk. Needs no `open`. */
  leave(event: AuditEvent): Promise<void>
  /** Moves the lines that commands have left into the chain. Of callers that race each line is moved by one. */
  takeInbox(): Promise<void>
  /**
   * Checks the chain from its oldest line to its newest, in one snapshot of the database, while services may write to it.
   * Needs no `open`.
   *
   * @throws UnopenedError where its key was sealed under another SECRET_KEY
   */
  verify(): Promise<AuditVerification>
}

export interface AuditChainStart {
  /** When the chain was started because the one before was deleted, in ms; null where it is the first. */
  readonly restartedAt: number | null
  /** Whether this call has started it. */
  readonly isNew: boolean
}
