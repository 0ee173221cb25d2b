/** What can be done to many users at once. */
export type BulkAction = 'disable' | 'endSessions'

/** The most users of one call: each is a transaction of its own and a line of the audit log. */
export const maxBulk = 100

/**
 * Why nothing is done to a user: unknown, an administrator (who is dealt with one by one), disabled already, or without a
 * session.
 */
export type BulkSkip = 'not_found' | 'administrator' | 'disabled' | 'no_sessions'

export interface BulkOrder {
  readonly action: BulkAction
  /** At most `maxBulk`; one that is named twice counts once. */
  readonly userIds: readonly string[]
}

export interface BulkPreview {
  /** Users to whom something happens. */
  readonly people: number
  /** Their sessions that end, of mini programs. */
  readonly sessions: number
  readonly skipped: readonly SkippedPerson[]
}

export interface SkippedPerson {
  readonly userId: string
  readonly why: BulkSkip
}
