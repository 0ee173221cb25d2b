import { ensure } from '../../malformed-picture.ts'

/** Reads arithmetically coded bits. Each method throws a MalformedPictureError where the data ends. */
export interface BoolReader {
  /** A bit that is 0 with this probability, in 1/256. */
  bit(probability: number): number
  /** A bit that is as likely 0 as 1. */
  flag(): boolean
  /** A number of this many bits. */
  bits(count: number): number
}

/** The boolean decoder of RFC 6386, §7.3. */
export function createBoolReader(bytes: Uint8Array): BoolReader {
  let value = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  let at = 2
  let range = 255
  let shifted = 0
  const lastShift = 8 * (bytes.length - 1)
  const bit = (probability: number): number => {
    ensure(shifted <= lastShift, 'a lossy WebP that ends early')
    const split = 1 + (((range - 1) * probability) >> 8)
    const isSet = value >= split * 256
    if (isSet) value -= split * 256
    range = isSet ? range - split : split
    while (range < 128) {
      range *= 2
      value *= 2
      shifted += 1
      if (shifted % 8 === 0) value += bytes[at++] ?? 0
    }
    return isSet ? 1 : 0
  }
  return {
    bit,
    flag: () => bit(128) === 1,
    bits(count) {
      let number = 0
      for (let index = 0; index < count; index++) number = number * 2 + bit(128)
      return number
    },
  }
}
