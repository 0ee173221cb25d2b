/** Whether this is the long run: the full counts of the README's table, and assertions on times. */
export const isLongRun = process.env['TORTURE'] === 'long'

const minutes = Number(process.env['TORTURE_MINUTES'] ?? Number.POSITIVE_INFINITY)

/** Picks the count of this run. */
export function countFor(counts: { short: number; long: number }): number {
  return isLongRun ? counts.long : counts.short
}

/** Yields 0, 1, 2 … up to the count of this run; a long run also ends after `TORTURE_MINUTES`. */
export function* rounds(counts: { short: number; long: number }): Generator<number> {
  const end = isLongRun ? Date.now() + minutes * 60_000 : Number.POSITIVE_INFINITY
  for (let round = 0; round < countFor(counts) && Date.now() < end; round++) yield round
}
