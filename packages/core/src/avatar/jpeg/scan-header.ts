import { ensure } from '../malformed-picture.ts'
import type { HuffmanTable } from './entropy-reader.ts'
import type { JpegComponent, JpegFrame } from './frame.ts'
import type { JpegTables } from './tables.ts'

/** A component in one scan, with its Huffman codes. */
export interface ScanComponent {
  readonly component: JpegComponent
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
}

export interface JpegScan {
  readonly components: readonly ScanComponent[]
  /** The coefficients of the scan, in the order of the zigzag. */
  readonly first: number
  readonly last: number
  /** Whether a former scan has begun these coefficients, and this one adds one bit to each. */
  readonly isRefinement: boolean
}

/**
 * Reads a scan header (ITU T.81, B.2.3, and G.1.1.1 for a progressive one), and notes in the frame which bits have
 * come with it.
 *
 * @throws MalformedPictureError for a scan that has no table, or repeats or skips what another has brought
 */
export function readScanHeader(frame: JpegFrame, tables: JpegTables, body: Uint8Array): JpegScan {
  const count = body[0] ?? 0
  ensure(count >= 1 && count <= 4 && body.length === 4 + 2 * count, 'a malformed JPEG scan')
  const [first = 0, last = 0, bits = 0] = body.subarray(1 + 2 * count)
  const [high, low] = [bits >> 4, bits & 15]
  const components = Array.from({ length: count }, (_, index) => {
    const [id, codes = 0] = body.subarray(1 + 2 * index)
    const component = frame.components.find((each) => each.id === id)
    ensure(component !== undefined, 'a JPEG scan of an unknown colour')
    const isQuantized = tables.quantization.has(component.quantization)
    ensure(isQuantized, 'a JPEG without its quantization')
    return { component, dc: tables.dc.get(codes >> 4), ac: tables.ac.get(codes & 15) }
  })
  const blocks = components.reduce((sum, { component: { across, down } }) => sum + across * down, 0)
  ensure(count === 1 || blocks <= 10, 'a JPEG scan of too many blocks')
  if (frame.isProgressive) {
    const isDc = first === 0 && last === 0
    ensure(isDc || (count === 1 && first >= 1 && last >= first), 'a malformed JPEG scan')
    ensure(last <= 63 && low <= 13 && (high === 0 || high === low + 1), 'a malformed JPEG scan')
  } else ensure(first === 0 && last === 63 && bits === 0, 'a malformed JPEG scan')
  for (const { component, dc, ac } of components) {
    const needsDc = !frame.isArithmetic && first === 0 && high === 0
    const needsAc = !frame.isArithmetic && last > 0
    ensure(!needsDc || dc !== undefined, 'a JPEG scan without its Huffman code')
    ensure(!needsAc || ac !== undefined, 'a JPEG scan without its Huffman code')
    noteBits(component, { first, last, high, low })
  }
  return { components, first, last, isRefinement: high > 0 }
}

interface Spectrum {
  readonly first: number
  readonly last: number
  /** Bits that are missing before and after the scan; `high` is 0 for a first scan. */
  readonly high: number
  readonly low: number
}

function noteBits({ missingBits }: JpegComponent, { first, last, high, low }: Spectrum): void {
  ensure(first === 0 || missingBits[0] !== 255, 'a JPEG whose scans are out of order')
  const before = high === 0 ? 255 : high
  for (let place = first; place <= last; place++) {
    ensure(missingBits[place] === before, 'a JPEG whose scans are out of order')
    missingBits[place] = low
  }
}
