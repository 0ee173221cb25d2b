import type { LossyHeader } from './frame-header.ts'
import { modeProbabilities } from './mode-probabilities.ts'

/** How one macroblock is predicted, as far as its coefficients depend on it. */
export interface MacroblockMode {
  /** Whether each of its 16 blocks has a mode of its own; its brightness is then not coded apart. */
  readonly isSplit: boolean
  readonly hasCoefficients: boolean
}

/** Branches of the tree of modes of a block; a negative number is a mode, −1 the first (RFC 6386, §11.2). */
const tree = [-1, 2, -2, 4, -3, 6, 8, 12, -4, 10, -6, -7, -5, 14, -8, 16, -9, -10]

/**
 * Reads the modes of macroblocks, row by row (RFC 6386, §11 and §19.3).
 *
 * @returns reads the next macroblock, in this column
 */
export function createModeReader(
  { reader, segments, coded }: LossyHeader,
  columns: number,
): (column: number) => MacroblockMode {
  const { bit } = reader
  const above = new Uint8Array(4 * columns)
  const left = new Uint8Array(4)
  const readBlockMode = (context: number): number => {
    const probabilities = modeProbabilities[context] ?? []
    let node = 0
    do node = tree[node + bit(probabilities[node >> 1] ?? 128)] ?? -1
    while (node > 0)
    return -1 - node
  }
  const readSplitModes = (column: number): void => {
    for (let row = 0; row < 4; row++)
      for (let place = 4 * column; place < 4 * column + 4; place++) {
        const mode = readBlockMode(10 * (above[place] ?? 0) + (left[row] ?? 0))
        above[place] = mode
        left[row] = mode
      }
  }
  return (column) => {
    if (column === 0) left.fill(0)
    if (segments !== null) bit(segments[1 + bit(segments[0] ?? 255)] ?? 255)
    const hasCoefficients = coded === null || bit(coded) === 0
    const isSplit = bit(145) === 0
    if (isSplit) readSplitModes(column)
    else {
      // Average, vertical, horizontal and true motion have the same numbers as modes of blocks.
      const mode = bit(156) === 1 ? (bit(128) === 1 ? 1 : 3) : bit(163) === 1 ? 2 : 0
      above.fill(mode, 4 * column, 4 * column + 4)
      left.fill(mode)
    }
    // The mode of the colours.
    if (bit(142) === 1 && bit(114) === 1) bit(183)
    return { isSplit, hasCoefficients }
  }
}
