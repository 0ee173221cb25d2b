/** How long a line is kept, in ms: longer than the six months of article 21 of China's Cybersecurity Law. */
export const auditRetentionMs: number = 190 * 24 * 3_600_000

/**
 * How many of the oldest lines have expired. Lines go in the order in which they were written, because each is chained
 * to the one before. So a line with a time in the future, which a clock that was ahead has written, goes with the next
 * line whose time has come.
 *
 * @param times of the oldest lines, in the order in which they were written
 */
export function countExpired(times: readonly number[], now: number): number {
  let expired = 0
  for (const [index, at] of times.entries()) {
    if (at > now) continue
    if (at > now - auditRetentionMs) break
    expired = index + 1
  }
  return expired
}
