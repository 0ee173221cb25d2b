const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** Formats seconds in the largest unit that needs no rounding: 2592000 is 30 days. */
export function exactDuration(seconds: number, tag: string): string {
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? (['second', 1] as const)
  return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' }).format(
    seconds / size,
  )
}
