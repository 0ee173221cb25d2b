/** One use of something that may be used `limit` times in a window of `windowMs`. */
export interface LimitedUse {
  readonly key: string
  readonly limit: number
  readonly windowMs: number
  readonly now: number
}

export interface LimitStore {
  /**
   * Counts one use under a key and answers null, or, where `limit` uses are counted in the window that
   * the first of them opened, counts nothing and answers when that window ends. Callers that race never
   * get more than `limit` through together. Times are milliseconds.
   */
  spend(use: LimitedUse): Promise<{ endsAt: number } | null>
  /** Takes one use back, which turned out to be harmless. */
  refund(key: string): Promise<void>
}
