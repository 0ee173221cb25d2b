import { ensure } from '../malformed-picture.ts'
import { createEntropyReader, type EntropyReader } from './entropy-reader.ts'
import type { JpegComponent, JpegFrame } from './frame.ts'
import type { JpegScan, ScanComponent } from './scan-header.ts'

/**
 * Reads all blocks of a scan (ITU T.81, F.2 and G.2) without computing their pixels.
 *
 * @returns where the data of the scan ends
 * @throws MalformedPictureError where a block is not there
 */
export function readScan(
  bytes: Uint8Array,
  from: number,
  { frame, scan, interval }: { frame: JpegFrame; scan: JpegScan; interval: number },
): number {
  const reader = createEntropyReader(bytes, from)
  const blocks: BlockReader = { reader, scan, endOfBand: 0 }
  const readBlock = blockReaderOf(frame, scan)
  let units = 0
  forEachBlock(frame, scan, {
    unit() {
      if (interval > 0 && units > 0 && units % interval === 0) {
        ensure(blocks.endOfBand === 0, 'a JPEG whose blocks do not end at a restart')
        reader.restart((units / interval - 1) % 8)
      }
      units += 1
    },
    block: (part, block) => readBlock(blocks, part, block),
  })
  ensure(blocks.endOfBand === 0, 'a JPEG with more blocks than it has')
  return reader.position()
}

interface BlockReader {
  readonly reader: EntropyReader
  readonly scan: JpegScan
  /** How many of the following blocks hold nothing more in the band of the scan. */
  endOfBand: number
}

interface BlockVisitor {
  /** Called before the blocks of each unit. */
  unit(): void
  /** @param block position in its component */
  block(part: ScanComponent, block: number): void
}

/** Visits one block for each unit of a single component; otherwise the blocks of all components (ITU T.81, A.2). */
function forEachBlock(frame: JpegFrame, { components }: JpegScan, visitor: BlockVisitor): void {
  const [only, ...others] = components
  if (only !== undefined && others.length === 0) {
    const { columns, rows, stride } = only.component
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        visitor.unit()
        visitor.block(only, row * stride + column)
      }
    return
  }
  for (let row = 0; row < frame.unitRows; row++)
    for (let column = 0; column < frame.unitColumns; column++) {
      visitor.unit()
      for (const part of components) {
        const { across, down, stride } = part.component
        for (let y = row * down; y < (row + 1) * down; y++)
          for (let x = column * across; x < (column + 1) * across; x++)
            visitor.block(part, y * stride + x)
      }
    }
}

type ReadBlock = (blocks: BlockReader, part: ScanComponent, block: number) => void

function blockReaderOf(frame: JpegFrame, { first, isRefinement }: JpegScan): ReadBlock {
  if (!frame.isProgressive) return readBaselineBlock
  if (first === 0) return isRefinement ? ({ reader }) => reader.bit() : readDc
  return isRefinement ? refineBand : readBand
}

const readDc: ReadBlock = ({ reader }, { dc }) => {
  if (dc !== undefined) reader.bits(reader.symbol(dc))
}

const readBaselineBlock: ReadBlock = (blocks, part, block) => {
  readDc(blocks, part, block)
  const { reader } = blocks
  let place = 1
  while (part.ac !== undefined && place <= 63) {
    const symbol = reader.symbol(part.ac)
    const [zeros, size] = [symbol >> 4, symbol & 15]
    if (size === 0 && zeros < 15) return
    place += zeros + 1
    ensure(place <= 64, 'a JPEG block of more than 64 coefficients')
    reader.bits(size)
  }
}

/** The first scan of a band (ITU T.81, G.1.2.2). */
const readBand: ReadBlock = (blocks, { ac, component }, block) => {
  if (blocks.endOfBand > 0) {
    blocks.endOfBand -= 1
    return
  }
  const { reader, scan } = blocks
  let place = scan.first
  while (ac !== undefined && place <= scan.last) {
    const symbol = reader.symbol(ac)
    const [zeros, size] = [symbol >> 4, symbol & 15]
    if (size === 0 && zeros < 15) {
      blocks.endOfBand = 2 ** zeros - 1 + reader.bits(zeros)
      return
    }
    place += zeros
    ensure(place <= scan.last, 'a JPEG block of too many coefficients')
    reader.bits(size)
    if (size > 0) note(component, block, place)
    place += 1
  }
}

/** Notes that a coefficient is not zero. */
function note({ nonzero, lastNonzero }: JpegComponent, block: number, place: number): void {
  nonzero[block * 64 + place] = 1
  lastNonzero[block] = Math.max(lastNonzero[block] ?? 0, place)
}

/** A later scan of a band (ITU T.81, G.1.2.3): one more bit of each coefficient that is not zero, and new ones. */
const refineBand: ReadBlock = (blocks, { ac, component }, block) => {
  const { reader, scan } = blocks
  const { nonzero, lastNonzero } = component
  let place = scan.first
  while (ac !== undefined && blocks.endOfBand === 0 && place <= scan.last) {
    const symbol = reader.symbol(ac)
    const [zeros, size] = [symbol >> 4, symbol & 15]
    ensure(size <= 1, 'a JPEG coefficient that is refined by more than a bit')
    if (size === 0 && zeros < 15) {
      blocks.endOfBand = 2 ** zeros + reader.bits(zeros)
      break
    }
    reader.bits(size)
    place = skipZeros(blocks, { nonzero, from: block * 64 + place, zeros }) - block * 64
    ensure(place <= scan.last, 'a JPEG block of too many coefficients')
    if (size > 0) note(component, block, place)
    place += 1
  }
  if (blocks.endOfBand === 0) return
  const last = Math.min(scan.last, lastNonzero[block] ?? 0)
  for (; place <= last; place++) if (nonzero[block * 64 + place] === 1) reader.bit()
  blocks.endOfBand -= 1
}

/** Reads the bits of the coefficients up to the zero after the next `zeros` ones. Returns its place. */
function skipZeros(
  { reader, scan }: BlockReader,
  { nonzero, from, zeros }: { nonzero: Uint8Array; from: number; zeros: number },
): number {
  const end = from - (from % 64) + scan.last
  let left = zeros
  let place = from
  for (; place <= end; place++) {
    if (nonzero[place] === 1) reader.bit()
    else if (left === 0) break
    else left -= 1
  }
  return place
}
