/** The median of some numbers. */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The median of one figure over the rounds; null when a round lacks it. */
export const middle = (rounds, key) =>
  rounds.some((round) => round[key] === null) ? null : median(rounds.map((round) => round[key]))

/** Ratios of measurements of the same turn: their median and their middle half. */
export function ratio(ours, theirs, key) {
  const inTurn = new Map(theirs.map((measured) => [measured.turn, measured[key]]))
  const ratios = ours
    .filter(({ turn }) => inTurn.has(turn))
    .map((measured) => measured[key] / inTurn.get(measured.turn))
  return { median: median(ratios), ...middleHalf(ratios) }
}

/** The bounds of the middle half of the values. */
export function middleHalf(values) {
  const sorted = [...values].sort((left, right) => left - right)
  const { length } = sorted
  return { low: sorted[Math.floor(length / 4)], high: sorted[Math.ceil((length * 3) / 4) - 1] }
}

/** Rounds to three significant digits: 0.0123, 1.23, 12.3, 12,300. */
export function digits(value) {
  if (value === null) return '–'
  if (value >= 100) return Math.round(Number(value.toPrecision(3))).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

export const times = ({ median: value, low, high }) =>
  `${digits(value)} × (${digits(low)}–${digits(high)})`
