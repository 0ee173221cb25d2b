import { type BoolReader, createBoolReader } from './bool-reader.ts'
import { defaultProbabilities, updateProbabilities } from './token-probabilities.ts'

export interface LossyHeader {
  /** Goes on with the modes of the macroblocks. */
  readonly reader: BoolReader
  /** Three branches to the segment of a macroblock; null where it has none. */
  readonly segments: readonly number[] | null
  readonly partitions: number
  /** Of the tree of coefficients; see token-probabilities.ts. */
  readonly tokens: readonly Uint8Array[]
  /** That a macroblock has coefficients; null where each has. */
  readonly coded: number | null
}

/** Reads the frame header (RFC 6386, §9.2 to §9.11 and §19.2). @throws MalformedPictureError */
export function readLossyHeader(firstPartition: Uint8Array): LossyHeader {
  const reader = createBoolReader(firstPartition)
  const { flag, bit, bits } = reader
  // Colour space and clamping.
  bits(2)
  const segments = flag() ? readSegments(reader) : null
  // Kind, level and sharpness of the filter; then changes of its level by reference frame and by mode.
  bits(10)
  if (flag() && flag()) skipOptional(reader, 8, 7)
  const partitions = 2 ** bits(2)
  // The quantizers: an index, and differences from it with their signs.
  bits(7)
  skipOptional(reader, 5, 5)
  // Whether the probabilities are kept for a next frame.
  bits(1)
  const tokens = defaultProbabilities.map((row, index) =>
    row.map((probability, place) =>
      bit(updateProbabilities[index]?.[place] ?? 255) === 1 ? bits(8) : probability,
    ),
  )
  const coded = flag() ? bits(8) : null
  return { reader, segments, partitions, tokens, coded }
}

/** Settings of four segments, and how likely a macroblock belongs to each (RFC 6386, §9.3). */
function readSegments(reader: BoolReader): readonly number[] | null {
  const { flag, bits } = reader
  const [hasMap, hasSettings] = [flag(), flag()]
  if (hasSettings) {
    bits(1)
    skipOptional(reader, 4, 8)
    skipOptional(reader, 4, 7)
  }
  return hasMap ? [0, 1, 2].map(() => (flag() ? bits(8) : 255)) : null
}

/** Numbers of this many bits, each of which may be left out. */
function skipOptional({ flag, bits }: BoolReader, count: number, length: number): void {
  for (let index = 0; index < count; index++) if (flag()) bits(length)
}
