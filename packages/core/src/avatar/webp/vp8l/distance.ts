import type { LosslessReader } from './bit-reader.ts'

/**
 * How far back a short distance code points: rows up and columns to the left of each code from 1 to 120, two
 * hexadecimal digits for each: the rows, and 8 minus the columns (RFC 9649, §3.6.2).
 */
const nearby =
  '180717192806272916 1a262a3805373915 1b363a252b480447 49141c353b464a24 2c58454b343c0357' +
  '59131d565a232d44 4c555b333d680267 69121e666a222e54 5c434d656b323e78 017779535d111f64' +
  '6c424e767a212f75 7b313f636d525e00 747c414f1020626e 30737d515f40727e 616f5071 7f6070'

const rowsAndColumns = [...nearby.replaceAll(' ', '').matchAll(/../g)].map(([digits]) => {
  const code = Number.parseInt(digits, 16)
  return [code >> 4, 8 - (code & 15)] as const
})

/** The number that a symbol and the bits after it make (RFC 9649, §3.6.2). */
export function readPrefixedNumber(reader: LosslessReader, symbol: number): number {
  if (symbol < 4) return symbol + 1
  const extraBits = (symbol - 2) >> 1
  return (2 + (symbol & 1)) * 2 ** extraBits + reader.bits(extraBits) + 1
}

/** The distance in pixels, in the order of reading, that a distance code means in an image of this width. */
export function distanceOf(code: number, width: number): number {
  const near = rowsAndColumns[code - 1]
  return near === undefined ? code - 120 : Math.max(1, near[0] * width + near[1])
}
