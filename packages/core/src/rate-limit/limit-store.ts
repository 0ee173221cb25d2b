import { longestCall } from '../call-time.ts'

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
  /** Whether other processes count in it too. */
  readonly isShared: boolean
  /**
   * Counts one use of each key and returns null. Where `limit` uses of one of them are already counted in the window
   * that the first of those opened, it counts none of the uses and returns when the last such window ends. Concurrent
   * callers never get more than `limit` uses together. Times are milliseconds.
   */
  spend(...uses: readonly LimitedUse[]): Promise<{ endsAt: number } | null>
  /**
   * Gives back uses that turned out to be harmless, where the windows that counted them are still open. A window without
   * uses is closed, so that the next use opens one of full length.
   */
  refund(...uses: readonly Pick<LimitedUse, 'key' | 'windowMs' | 'now'>[]): Promise<void>
}

/**
 * Whether a window is open. One that opens in the future, later than a call that began after this one can have opened it,
 * was opened while the clock was ahead; it is over, because it would last for as long as the clock was wrong.
 */
export function isOpenWindow(
  endsAt: number,
  { now, windowMs }: Pick<LimitedUse, 'now' | 'windowMs'>,
): boolean {
  return endsAt > now && endsAt <= now + windowMs + longestCall
}
