const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The pause after each failed attempt in ms. The attempt after the last one is the last attempt: about three days. */
export const retryDelays: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** The longest pause that a receiver may ask for with `Retry-After`, in ms. */
export const longestRetryAfter: number = 24 * hour

/** A tenth more or less, so that what failed together does not come back together. */
const jitter = 0.1

/**
 * The pause in ms before the next attempt; null where there is none any more. A receiver can ask for a longer pause, and
 * not for a shorter one: it would use up all attempts while it is restarted.
 *
 * @param failed how many attempts have failed, this one included
 * @param random from 0 to 1
 */
export function retryDelay(
  failed: number,
  { retryAfter, random }: { retryAfter: number | null; random: number },
): number | null {
  const delay = retryDelays[failed - 1]
  if (delay === undefined) return null
  const own = delay * (1 - jitter + 2 * jitter * random)
  return Math.round(Math.max(own, Math.min(retryAfter ?? 0, longestRetryAfter)))
}

/**
 * `Retry-After` in ms (RFC 9110 §10.2.3): seconds, or a date; null where the header is absent or neither.
 *
 * @param now ms since the epoch
 */
export function readRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\d{1,9}$/.test(header)) return Number(header) * second
  const date = /[A-Za-z]{3}, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
