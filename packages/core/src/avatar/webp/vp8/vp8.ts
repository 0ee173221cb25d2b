import { beginsWith } from '../../bytes.ts'
import { ensure } from '../../malformed-picture.ts'
import { checkSize, type PictureSize } from '../../picture-size.ts'
import { createBoolReader } from './bool-reader.ts'
import { createCoefficientReader } from './coefficients.ts'
import { type LossyHeader, readLossyHeader } from './frame-header.ts'
import { createModeReader } from './modes.ts'

/** Tag, start code, width and height (RFC 6386, §9.1). */
const headerBytes = 10

/**
 * Reads every macroblock of a lossy image (RFC 6386) without computing its pixels.
 *
 * @throws MalformedPictureError where one is not there
 */
export function checkLossy(data: Uint8Array): PictureSize {
  const [a = 0, b = 0, c = 0] = data
  const tag = a + b * 256 + c * 65_536
  const isShown = (tag & 1) === 0 && ((tag >> 1) & 7) <= 3 && ((tag >> 4) & 1) === 1
  const isLossy = data.length > headerBytes && beginsWith(data.subarray(3), '\x9d\x01\x2a')
  ensure(isLossy && isShown, 'a WebP without a lossy image')
  // The two upper bits are a scale, which is for players of videos.
  const twoBytes = (at: number): number => ((data[at] ?? 0) + (data[at + 1] ?? 0) * 256) & 0x3fff
  const size = { width: twoBytes(6), height: twoBytes(8) }
  checkSize(size)
  const firstEnd = headerBytes + (tag >> 5)
  ensure(firstEnd <= data.length, 'a lossy WebP that ends early')
  const header = readLossyHeader(data.subarray(headerBytes, firstEnd))
  readMacroblocks(header, partitionsOf(data.subarray(firstEnd), header.partitions), size)
  return size
}

/** Splits the data behind the first partition: sizes of all but the last, and the partitions (RFC 6386, §9.5). */
function partitionsOf(data: Uint8Array, count: number): Uint8Array[] {
  const partitions: Uint8Array[] = []
  let at = 3 * (count - 1)
  for (let index = 0; index < count; index++) {
    const [a = 0, b = 0, c = 0] = data.subarray(3 * index)
    const end = index === count - 1 ? data.length : at + a + b * 256 + c * 65_536
    ensure(at < data.length && end <= data.length, 'a lossy WebP that ends early')
    partitions.push(data.subarray(at, end))
    at = end
  }
  return partitions
}

function readMacroblocks(
  header: LossyHeader,
  partitions: readonly Uint8Array[],
  { width, height }: PictureSize,
): void {
  const [columns, rows] = [Math.ceil(width / 16), Math.ceil(height / 16)]
  const readers = partitions.map(createBoolReader)
  const readMode = createModeReader(header, columns)
  const readCoefficients = createCoefficientReader(header.tokens, columns)
  for (let row = 0; row < rows; row++) {
    const reader = readers[row % readers.length] ?? header.reader
    for (let column = 0; column < columns; column++)
      readCoefficients(reader, column, readMode(column))
  }
}
