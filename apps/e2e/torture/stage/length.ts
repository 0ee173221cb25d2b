/** Whether it is the long version: counts of the table, and timed assertions. */
export const isLong = process.env['TORTURE'] === 'long'

const minutes = Number(process.env['TORTURE_MINUTES'] ?? Number.POSITIVE_INFINITY)

/** A count of either version. */
export function length(counts: { short: number; long: number }): number {
  return isLong ? counts.long : counts.short
}

/** Counts up to the length of this version, or until the minutes of the long one are over. */
export function* rounds(counts: { short: number; long: number }): Generator<number> {
  const end = isLong ? Date.now() + minutes * 60_000 : Number.POSITIVE_INFINITY
  for (let round = 0; round < length(counts) && Date.now() < end; round++) yield round
}
