import { timingSafeEqual } from 'node:crypto'

/** Text of a salt that is used as it is written: printable ASCII without `$`, so that a kind ends before it. */
export const writtenSalt = '[!-#%-~]{0,128}'

/**
 * Reads base64 with or without padding, also in the variant of passlib, which writes `.` for `+`.
 *
 * @param {string} text
 */
export const fromBase64 = (text) => Buffer.from(text.replaceAll('.', '+'), 'base64')

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export const areEqual = (one, other) => one.length === other.length && timingSafeEqual(one, other)

/**
 * The powers of two that a number is the sum of, each at most 2 to the given exponent, smallest first. The fraction is left out.
 *
 * @param {number} sum
 * @param {number} mostExponent
 */
export function powersOfTwo(sum, mostExponent) {
  const exponents = []
  let rest = Math.floor(sum)
  for (let exponent = mostExponent; exponent >= 0; exponent -= 1)
    while (rest >= 2 ** exponent) {
      exponents.push(exponent)
      rest -= 2 ** exponent
    }
  return exponents.reverse()
}
