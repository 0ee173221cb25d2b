import type { AuditLine, AuditQuery, Page } from '../desk.ts'

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
