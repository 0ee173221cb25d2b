export interface LimitStore {
  /**
   * Counts one use under a key and answers null, or, where `limit` uses are counted in the window that
   * the first of them opened, counts nothing and answers when that window ends. Callers that race never
   * get more than `limit` through together. Times are milliseconds.
   */
  spend(use: {
    key: string
    limit: number
    windowMs: number
    now: number
  }): Promise<{ endsAt: number } | null>
  /** Takes one use back, which turned out to be harmless. */
  refund(key: string): Promise<void>
}
