import { ensure } from '../../malformed-picture.ts'
import type { LosslessReader } from './bit-reader.ts'

/** Reads one symbol. */
export type ReadSymbol = (reader: LosslessReader) => number

/** The order in which the lengths of the code for code lengths are written (RFC 9649, §3.7.2.1.2). */
const lengthOrder = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

/** Reads the code of an alphabet (RFC 9649, §3.7.2.1). @throws MalformedPictureError for an incomplete one */
export function readPrefixCode(reader: LosslessReader, alphabet: number): ReadSymbol {
  const isSimple = reader.bits(1) === 1
  return prefixCode(isSimple ? simpleLengths(reader, alphabet) : normalLengths(reader, alphabet))
}

/** One or two symbols. */
function simpleLengths(reader: LosslessReader, alphabet: number): Uint8Array {
  const lengths = new Uint8Array(alphabet)
  const hasTwo = reader.bits(1) === 1
  const symbols = [reader.bits(reader.bits(1) === 1 ? 8 : 1)]
  if (hasTwo) symbols.push(reader.bits(8))
  for (const symbol of symbols) {
    ensure(symbol < alphabet, 'a lossless WebP with an unknown symbol')
    lengths[symbol] = 1
  }
  return lengths
}

function normalLengths(reader: LosslessReader, alphabet: number): Uint8Array {
  const count = 4 + reader.bits(4)
  const ownLengths = new Uint8Array(19)
  for (const symbol of lengthOrder.slice(0, count)) ownLengths[symbol] = reader.bits(3)
  const readLength = prefixCode(ownLengths)
  let left = reader.bits(1) === 1 ? 2 + reader.bits(2 + 2 * reader.bits(3)) : alphabet
  ensure(left <= alphabet, 'a lossless WebP with too many symbols')
  const lengths = new Uint8Array(alphabet)
  let previous = 8
  for (let symbol = 0; symbol < alphabet && left > 0; left--) {
    const length = readLength(reader)
    if (length < 16) {
      lengths[symbol] = length
      symbol += 1
      if (length > 0) previous = length
      continue
    }
    const repeat =
      length === 16 ? 3 + reader.bits(2) : length === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7)
    ensure(symbol + repeat <= alphabet, 'a lossless WebP with too many symbols')
    lengths.fill(length === 16 ? previous : 0, symbol, symbol + repeat)
    symbol += repeat
  }
  return lengths
}

/** A canonical code. A single symbol takes no bits. */
function prefixCode(lengths: Uint8Array): ReadSymbol {
  const counts = new Uint16Array(16)
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
  const used = lengths.length - (counts[0] ?? 0)
  if (used === 1) {
    const only = lengths.findIndex((length) => length > 0)
    return () => only
  }
  counts[0] = 0
  let code = 0
  let place = 0
  const first: number[] = []
  const places: number[] = []
  for (const count of counts) {
    code *= 2
    first.push(code)
    places.push(place)
    code += count
    place += count
  }
  ensure(used > 0 && code === 2 ** 15, 'a lossless WebP with an incomplete code')
  const symbols = Uint16Array.from(lengths.keys())
    .filter((symbol) => (lengths[symbol] ?? 0) > 0)
    .sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  return (reader) => {
    let prefix = 0
    for (let length = 1; length < 16; length++) {
      prefix = prefix * 2 + reader.bits(1)
      const index = prefix - (first[length] ?? 0)
      if (index < (counts[length] ?? 0)) return symbols[(places[length] ?? 0) + index] ?? 0
    }
    return ensure(false, 'a lossless WebP with an unknown symbol') as never
  }
}
