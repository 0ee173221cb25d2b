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

/** A line with the names of now; null where the user was deleted, or has no name. */
export interface NamedAuditLine extends AuditLine {
  /** The nickname of the user, or the account name; of a line about a service key, the key's name. */
  readonly userName: string | null
  /** The same of the administrator, or the name of the service key that acted. */
  readonly adminName: string | null
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
