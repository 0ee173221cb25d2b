import { ensure } from '../../malformed-picture.ts'
import type { PictureSize } from '../../picture-size.ts'
import { createLosslessReader, type LosslessReader } from './bit-reader.ts'
import { type GroupAt, readCacheSize, readGroup, readPixels } from './entropy-image.ts'

/** Signature, width, height, whether it is transparent, and version (RFC 9649, §3.4). */
const headerBytes = 5

/** The size in the header of a lossless image. @throws MalformedPictureError */
export function losslessSize(data: Uint8Array): PictureSize {
  ensure(data[0] === 0x2f && data.length > headerBytes, 'a WebP without a lossless image')
  const reader = createLosslessReader(data, 1)
  const size = { width: 1 + reader.bits(14), height: 1 + reader.bits(14) }
  reader.bits(1)
  ensure(reader.bits(3) === 0, 'a lossless WebP of an unknown version')
  return size
}

/** Reads every pixel of a lossless image. @throws MalformedPictureError */
export function checkLossless(data: Uint8Array): void {
  readLosslessImage(createLosslessReader(data, headerBytes), losslessSize(data))
}

/** Reads a lossless image without its header (RFC 9649, §3.8). @throws MalformedPictureError */
export function readLosslessImage(reader: LosslessReader, { width, height }: PictureSize): void {
  const size = { width: readTransforms(reader, { width, height }), height }
  const cacheSize = readCacheSize(reader)
  const groupAt = readGroups(reader, size, cacheSize)
  readPixels(reader, size, { groupAt, cacheSize })
}

const transform = { predictor: 0, colour: 1, indexing: 3 }

/** Reads the transforms (RFC 9649, §3.5). Returns the width of the image that is left: several pixels may be in one. */
function readTransforms(reader: LosslessReader, { width, height }: PictureSize): number {
  const seen = new Set<number>()
  let left = width
  while (reader.bits(1) === 1) {
    const type = reader.bits(2)
    ensure(!seen.has(type), 'a lossless WebP that is transformed twice alike')
    seen.add(type)
    if (type === transform.predictor || type === transform.colour)
      readSubImage(reader, blocksOf({ width: left, height }, reader.bits(3) + 2))
    if (type !== transform.indexing) continue
    const count = reader.bits(8) + 1
    readSubImage(reader, { width: count, height: 1 })
    left = Math.ceil(left / pixelsInOne(count))
  }
  return left
}

const pixelsInOne = (colours: number): number =>
  colours > 16 ? 1 : colours > 4 ? 2 : colours > 2 ? 4 : 8

/** The size of an image that has one pixel for each block of this many bits. */
const blocksOf = ({ width, height }: PictureSize, bits: number): PictureSize => ({
  width: Math.ceil(width / 2 ** bits),
  height: Math.ceil(height / 2 ** bits),
})

/** An image with one group of codes, which other images need. */
function readSubImage(reader: LosslessReader, size: PictureSize): Uint32Array {
  const cacheSize = readCacheSize(reader)
  const group = readGroup(reader, cacheSize)
  return readPixels(reader, size, { groupAt: () => group, cacheSize })
}

/** Reads the groups of codes, and an image that says which block uses which (RFC 9649, §3.7.2.2). */
function readGroups(reader: LosslessReader, size: PictureSize, cacheSize: number): GroupAt {
  if (reader.bits(1) === 0) {
    const group = readGroup(reader, cacheSize)
    return () => group
  }
  const bits = reader.bits(3) + 2
  const blocks = blocksOf(size, bits)
  const numbers = readSubImage(reader, blocks).map((pixel) => (pixel >>> 8) & 0xffff)
  const count = numbers.reduce((most, number) => Math.max(most, number), 0) + 1
  const groups = Array.from({ length: count }, () => readGroup(reader, cacheSize))
  const [only] = groups
  ensure(only !== undefined, 'a lossless WebP without codes')
  return (at) => {
    const [row, column] = [Math.floor(at / size.width), at % size.width]
    return groups[numbers[(row >> bits) * blocks.width + (column >> bits)] ?? 0] ?? only
  }
}
