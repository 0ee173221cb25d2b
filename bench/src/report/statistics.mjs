/** Over the rounds of one server: the middle one, and how far apart they are. */

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export const middle = (rounds, key) =>
  rounds.some((round) => round[key] === null) ? null : median(rounds.map((round) => round[key]))

/** Ratios of what was measured in the same round: `{ median, min, max }`. */
export function ratio(ours, theirs, key) {
  const ratios = ours.map((round, index) => round[key] / theirs[index][key])
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
}

/** Three digits that matter: 0.0123, 1.23, 12.3, 12,300. */
export function digits(value) {
  if (value === null) return '–'
  if (value >= 100) return Math.round(Number(value.toPrecision(3))).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

export const times = ({ median: value, min, max }) =>
  `${digits(value)} × (${digits(min)}–${digits(max)})`
