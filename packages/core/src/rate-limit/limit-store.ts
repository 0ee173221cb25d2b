/** One use of something that may be used `limit` times in a window of `windowMs`. */
export interface LimitedUse {
  readonly key: string
  readonly limit: number
  readonly windowMs: number
  readonly now: number
  /**
   * How many uses of a window the store may count in memory before it writes them. A crash loses those. 0 where
   * every use must count, as for guesses.
   */
  readonly unwritten: number
}

export interface LimitStore {
  /**
   * Counts one use of a key and returns null. Where `limit` uses are already counted in the window that the
   * first of them opened, it counts nothing and returns when the window ends. Concurrent callers never get more
   * than `limit` uses together. Times are milliseconds.
   */
  spend(use: LimitedUse): Promise<{ endsAt: number } | null>
  /** Gives one use back that turned out to be harmless. */
  refund(key: string): Promise<void>
}
