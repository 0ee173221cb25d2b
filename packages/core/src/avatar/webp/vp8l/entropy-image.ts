import { ensure } from '../../malformed-picture.ts'
import type { PictureSize } from '../../picture-size.ts'
import type { LosslessReader } from './bit-reader.ts'
import { distanceOf, readPrefixedNumber } from './distance.ts'
import { type ReadSymbol, readPrefixCode } from './prefix-code.ts'

/** Five codes that are used together (RFC 9649, §3.7.2). */
export interface PrefixCodeGroup {
  readonly green: ReadSymbol
  readonly red: ReadSymbol
  readonly blue: ReadSymbol
  readonly alpha: ReadSymbol
  readonly distance: ReadSymbol
}

/** Symbols of the code for green: a colour, the length of a copy, or a place in the colour cache. */
const [colours, lengths] = [256, 24]

/** Reads whether there is a colour cache, and of how many colours (RFC 9649, §3.6.3). */
export function readCacheSize(reader: LosslessReader): number {
  if (reader.bits(1) === 0) return 0
  const bits = reader.bits(4)
  ensure(bits >= 1 && bits <= 11, 'a lossless WebP with an unknown cache')
  return 2 ** bits
}

export function readGroup(reader: LosslessReader, cacheSize: number): PrefixCodeGroup {
  const green = readPrefixCode(reader, colours + lengths + cacheSize)
  const [red, blue, alpha] = [0, 1, 2].map(() => readPrefixCode(reader, colours))
  const distance = readPrefixCode(reader, 40)
  return { green, red: red ?? green, blue: blue ?? green, alpha: alpha ?? green, distance }
}

/** Which codes hold for the pixel at a position in the order of reading. */
export type GroupAt = (position: number) => PrefixCodeGroup

/**
 * Reads all pixels of an image (RFC 9649, §3.6).
 *
 * @returns the pixels as ARGB
 * @throws MalformedPictureError
 */
export function readPixels(
  reader: LosslessReader,
  { width, height }: PictureSize,
  { groupAt, cacheSize }: { groupAt: GroupAt; cacheSize: number },
): Uint32Array {
  const pixels = new Uint32Array(width * height)
  const cache = new Uint32Array(cacheSize)
  const shift = 32 - Math.log2(cacheSize)
  let cached = 0
  let at = 0
  while (at < pixels.length) {
    const group = groupAt(at)
    const symbol = group.green(reader)
    if (symbol < colours) {
      const red = group.red(reader)
      const blue = group.blue(reader)
      pixels[at] = (group.alpha(reader) << 24) | (red << 16) | (symbol << 8) | blue
      at += 1
    } else if (symbol < colours + lengths) {
      const length = readPrefixedNumber(reader, symbol - colours)
      const code = readPrefixedNumber(reader, group.distance(reader))
      const distance = distanceOf(code, width)
      const fits = distance <= at && at + length <= pixels.length
      ensure(fits, 'a lossless WebP that copies from nowhere')
      for (const end = at + length; at < end; at++) pixels[at] = pixels[at - distance] ?? 0
    } else {
      // The cache is filled only before it is read, because most pixels are not looked up.
      for (; cached < at; cached++) {
        const pixel = pixels[cached] ?? 0
        cache[Math.imul(0x1e35a7bd, pixel) >>> shift] = pixel
      }
      pixels[at] = cache[symbol - colours - lengths] ?? 0
      at += 1
    }
  }
  return pixels
}
