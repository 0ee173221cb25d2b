import type { AuditEvent } from '../../audit/audit-log.ts'
import type { Page } from '../page.ts'

/** A line of the audit log as it was kept. */
export interface AuditLine extends Omit<AuditEvent, 'origin'> {
  readonly id: number
  readonly address: string | null
  readonly device: string | null
}

export interface AuditQuery {
  /** From (included) and to (excluded), in ms. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly action?: string | undefined
  readonly outcome?: string | undefined
  readonly userId?: string | undefined
  readonly adminId?: string | undefined
}

export interface AuditReader {
  /**
   * Newest first. It looks at a bounded number of lines: a page may be short, or empty, where few of many fit,
   * and its `next` goes on from there.
   *
   * @throws Failure `invalid_input` for a cursor that is none of ours
   */
  list(query: AuditQuery & { cursor?: string | undefined; limit: number }): Promise<Page<AuditLine>>
  /** How many lines fit, counted in steps between which others are served; lines may come meanwhile. */
  count(query: AuditQuery): Promise<number>
}
