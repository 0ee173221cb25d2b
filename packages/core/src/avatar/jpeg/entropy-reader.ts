import { ensure } from '../malformed-picture.ts'

/** A Huffman code (ITU T.81, annex C): the first code and its place among the symbols, for each length in bits. */
export interface HuffmanTable {
  readonly first: readonly number[]
  readonly place: readonly number[]
  readonly counts: readonly number[]
  readonly symbols: Uint8Array
}

/** @param counts the number of codes of 1 to 16 bits. @throws MalformedPictureError for a code that cannot be */
export function huffmanTable(counts: readonly number[], symbols: Uint8Array): HuffmanTable {
  const first: number[] = []
  const place: number[] = []
  let code = 0
  let index = 0
  for (const [bits, count] of counts.entries()) {
    first.push(code)
    place.push(index)
    code += count
    index += count
    // A code of ones only is reserved (ITU T.81, C.2).
    ensure(code < 2 ** (bits + 1), 'a JPEG with an impossible Huffman code')
    code *= 2
  }
  return { first, place, counts, symbols }
}

/** Reads the entropy-coded data of a scan. Each method throws a MalformedPictureError where the data ends. */
export interface EntropyReader {
  bit(): number
  /** A number of this many bits. */
  bits(count: number): number
  symbol(table: HuffmanTable): number
  /** Drops what is left of the current byte, and reads the restart marker with this number from 0 to 7. */
  restart(number: number): void
  /** Where the next byte stands. */
  position(): number
}

/** @param from position of the first byte of the data */
export function createEntropyReader(bytes: Uint8Array, from: number): EntropyReader {
  let at = from
  let current = 0
  let left = 0
  const bit = (): number => {
    if (left === 0) {
      current = bytes[at] ?? 0xff
      // In a scan, 0xff is followed by a 0; otherwise it begins a marker.
      ensure(current !== 0xff || bytes[at + 1] === 0, 'a JPEG whose scan ends early')
      at += current === 0xff ? 2 : 1
      left = 8
    }
    left -= 1
    return (current >> left) & 1
  }
  return {
    bit,
    bits(count) {
      let value = 0
      for (let index = 0; index < count; index++) value = (value << 1) | bit()
      return value
    },
    symbol({ first, place, counts, symbols }) {
      let code = 0
      for (let length = 0; length < 16; length++) {
        code = (code << 1) | bit()
        const index = code - (first[length] ?? 0)
        if (index < (counts[length] ?? 0)) return symbols[(place[length] ?? 0) + index] ?? 0
      }
      return ensure(false, 'a JPEG with an unknown Huffman code') as never
    },
    restart(number) {
      left = 0
      // Any number of 0xff bytes may precede a marker.
      while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1
      const isMarker = bytes[at] === 0xff && bytes[at + 1] === 0xd0 + number
      ensure(isMarker, 'a JPEG without its restart marker')
      at += 2
    },
    position: () => at,
  }
}
