/** Prints one line of figures for a promise. */
export function report(promise: string, figures: Record<string, number | string>): void {
  const line = Object.entries(figures).map(([name, value]) => `${name} ${rounded(value)}`)
  console.log(`${promise}: ${line.join(', ')}`)
}

function rounded(value: number | string): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value)
  return value.toFixed(Math.abs(value) < 10 ? 2 : 0)
}

/** The percentile `p` (0 to 1) of the values; 0 for an empty list. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
}

/** Formats p50, p99 and maximum of times in ms. */
export function formatLatency(times: readonly number[]): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((p) => percentile(times, p).toFixed(0))
  return `p50 ${p50} ms / p99 ${p99} ms / max ${max} ms`
}

/** Counts how often each name occurs. */
export function tally(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
