import type { BoolReader } from './bool-reader.ts'
import type { MacroblockMode } from './modes.ts'

/** The group of probabilities of each place in a block (RFC 6386, §13.3). */
const bands = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0]

/** Probabilities of the further bits of the four largest categories (RFC 6386, §13.2). */
const furtherBits = [
  [173, 148, 140],
  [176, 155, 140, 135],
  [180, 157, 141, 134, 130],
  [254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
]

const none = new Uint8Array(11)

/** Kinds of blocks, as the probabilities are ordered. */
const kind = { withoutMean: 0, means: 1, colour: 2, whole: 3 }

/** Which neighbouring blocks had coefficients: 4 of brightness, 2 of each colour, and the means. */
interface Neighbours {
  readonly above: Uint8Array
  readonly left: Uint8Array
}

/**
 * Reads the coefficients of macroblocks (RFC 6386, §13).
 *
 * @param tokens probabilities; see token-probabilities.ts
 * @returns reads those of one macroblock in this column
 */
export function createCoefficientReader(tokens: readonly Uint8Array[], columns: number) {
  const rows = Array.from({ length: columns }, () => new Uint8Array(9))
  const left = new Uint8Array(9)
  return (reader: BoolReader, column: number, mode: MacroblockMode): void => {
    if (column === 0) left.fill(0)
    const neighbours = { above: rows[column] ?? left, left }
    if (mode.hasCoefficients) readMacroblock({ reader, tokens }, neighbours, mode)
    else for (const side of [neighbours.above, left]) side.fill(0, 0, mode.isSplit ? 8 : 9)
  }
}

interface TokenSource {
  readonly reader: BoolReader
  readonly tokens: readonly Uint8Array[]
}

function readMacroblock(
  source: TokenSource,
  { above, left }: Neighbours,
  { isSplit }: MacroblockMode,
): void {
  const readAt = (across: number, down: number, block: { kind: number; first: number }): void => {
    const context = (above[across] ?? 0) + (left[down] ?? 0)
    const isCoded = readBlock(source, { ...block, context }) ? 1 : 0
    above[across] = isCoded
    left[down] = isCoded
  }
  if (!isSplit) readAt(8, 8, { kind: kind.means, first: 0 })
  const brightness = isSplit ? { kind: kind.whole, first: 0 } : { kind: kind.withoutMean, first: 1 }
  for (let down = 0; down < 4; down++)
    for (let across = 0; across < 4; across++) readAt(across, down, brightness)
  for (const start of [4, 6])
    for (let down = start; down < start + 2; down++)
      for (let across = start; across < start + 2; across++)
        readAt(across, down, { kind: kind.colour, first: 0 })
}

interface Block {
  readonly kind: number
  /** Place of the first coefficient. */
  readonly first: number
  readonly context: number
}

/** Returns whether the block has a coefficient. */
function readBlock({ reader, tokens }: TokenSource, { kind, first, context }: Block): boolean {
  const { bit } = reader
  const at = (place: number, next: number): Uint8Array =>
    tokens[24 * kind + 3 * (bands[place] ?? 0) + next] ?? none
  let row = at(first, context)
  for (let place = first; place < 16; place++) {
    if (bit(row[0] ?? 0) === 0) return place > first
    while (bit(row[1] ?? 0) === 0) {
      place += 1
      if (place === 16) return true
      row = at(place, 0)
    }
    const isLarge = bit(row[2] ?? 0) === 1
    if (isLarge) readLarge(reader, row)
    row = at(place + 1, isLarge ? 2 : 1)
    // The sign.
    bit(128)
  }
  return true
}

/** A coefficient of 2 or more. */
function readLarge({ bit }: BoolReader, row: Uint8Array): void {
  if (bit(row[3] ?? 0) === 0) {
    if (bit(row[4] ?? 0) === 1) bit(row[5] ?? 0)
    return
  }
  if (bit(row[6] ?? 0) === 0) {
    if (bit(row[7] ?? 0) === 0) bit(159)
    else {
      bit(165)
      bit(145)
    }
    return
  }
  const high = bit(row[8] ?? 0)
  const low = bit(row[9 + high] ?? 0)
  for (const probability of furtherBits[2 * high + low] ?? []) bit(probability)
}
