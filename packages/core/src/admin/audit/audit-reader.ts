import type { AuditKind } from '../../audit/audit-kind.ts'
import type { AuditEvent } from '../../audit/audit-log.ts'
import type { Page } from '../page.ts'

/**
 * A row of the audit log. For a user who was deleted, `userId` and `adminId` are the pseudonym that the row keeps.
 */
export interface AuditLine extends Omit<AuditEvent, 'origin' | 'newUser' | 'count'> {
  readonly id: number
  /** How many calls the row stands for. */
  readonly count: number
  readonly address: string | null
  readonly device: string | null
}

export interface AuditQuery {
  /** From (included) and to (excluded), in ms since the epoch. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly action?: string | undefined
  readonly outcome?: string | undefined
  /** Absent: both. */
  readonly kind?: AuditKind | undefined
  /** The id of a user, or the pseudonym of one who was deleted. */
  readonly userId?: string | undefined
  readonly adminId?: string | undefined
}

export interface AuditReader {
  /**
   * Newest first. It examines a bounded number of rows, so a page may be short or empty although more rows
   * match; `next` continues from there.
   *
   * @throws Failure `invalid_input` for a cursor that this service did not issue
   */
  list(query: AuditQuery & { cursor?: string | undefined; limit: number }): Promise<Page<AuditLine>>
  /**
   * How many rows match. It counts in steps and serves other calls between them, so rows may be added
   * meanwhile.
   */
  count(query: AuditQuery): Promise<number>
}
