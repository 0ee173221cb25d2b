/** One use of something that may be used `limit` times in a window of `windowMs`. */
export interface LimitedUse {
  readonly key: string
  readonly limit: number
  readonly windowMs: number
  readonly now: number
  /**
   * How many uses of a window the store may know of without having written them down; a crash forgives those.
   * 0 where every use counts, as with guesses.
   */
  readonly unwritten: number
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
