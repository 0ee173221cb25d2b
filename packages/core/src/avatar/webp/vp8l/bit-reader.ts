import { ensure } from '../../malformed-picture.ts'

/** Reads a lossless image bit by bit, the lowest first (RFC 9649, §3.3). */
export interface LosslessReader {
  /** A number of at most 24 bits. @throws MalformedPictureError where the data ends */
  bits(count: number): number
}

/** @param from position of the first byte */
export function createLosslessReader(bytes: Uint8Array, from: number): LosslessReader {
  let at = from * 8
  const end = bytes.length * 8
  return {
    bits(count) {
      ensure(at + count <= end, 'a lossless WebP that ends early')
      let value = 0
      for (let index = 0; index < count; index++, at++)
        value |= (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) << index
      return value
    },
  }
}
