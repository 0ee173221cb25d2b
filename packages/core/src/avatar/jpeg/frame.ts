import { ensure } from '../malformed-picture.ts'
import { checkSize } from '../picture-size.ts'

/** One colour of the picture. */
export interface JpegComponent {
  readonly id: number
  /** Sampling factors: blocks of 8 × 8 in each unit, across and down. */
  readonly across: number
  readonly down: number
  readonly quantization: number
  /** Blocks that belong to the picture, in a scan of this component alone. */
  readonly columns: number
  readonly rows: number
  /** Blocks of a row with those that only complete the last unit. */
  readonly stride: number
  /** Bits of each of the 64 coefficients that are still to come; 255 before its first scan. */
  readonly missingBits: Uint8Array
  /** Whether each coefficient of each block is not zero; empty where no scan needs it. */
  readonly nonzero: Uint8Array
  /** The last coefficient of each block that is not zero, so that empty blocks take no time. */
  readonly lastNonzero: Uint8Array
}

export interface JpegFrame {
  readonly isProgressive: boolean
  /** Whether its scans have arithmetic codes instead of Huffman codes. */
  readonly isArithmetic: boolean
  readonly components: readonly JpegComponent[]
  /** Units of a scan of several components. */
  readonly unitColumns: number
  readonly unitRows: number
}

/** The markers of frames that browsers draw, baseline, extended and progressive. */
const frameKinds: Readonly<Record<number, { isProgressive: boolean; isArithmetic: boolean }>> = {
  192: { isProgressive: false, isArithmetic: false },
  193: { isProgressive: false, isArithmetic: false },
  194: { isProgressive: true, isArithmetic: false },
  201: { isProgressive: false, isArithmetic: true },
  202: { isProgressive: true, isArithmetic: true },
}

/** Whether this marker begins the header of a frame that browsers draw. */
export const isFrame = (code: number): boolean => code in frameKinds

/**
 * The frame header (ITU T.81, B.2.2) of a JPEG that browsers draw: with 8 bits and one, three or four components.
 *
 * @throws MalformedPictureError
 */
export function jpegFrame(code: number, body: Uint8Array): JpegFrame {
  const [precision, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = body
  const [height, width] = [h1 * 256 + h0, w1 * 256 + w0]
  checkSize({ width, height })
  ensure(precision === 8 && [1, 3, 4].includes(count), 'a JPEG with unknown colours')
  ensure(body.length === 6 + 3 * count, 'a malformed JPEG frame')
  const factors = Array.from({ length: count }, (_, index) => componentFactors(body, 6 + 3 * index))
  ensure(new Set(factors.map(({ id }) => id)).size === count, 'a JPEG with a colour twice')
  const mostAcross = Math.max(...factors.map(({ across }) => across))
  const mostDown = Math.max(...factors.map(({ down }) => down))
  const unitColumns = Math.ceil(width / (8 * mostAcross))
  const unitRows = Math.ceil(height / (8 * mostDown))
  const { isProgressive = false, isArithmetic = false } = frameKinds[code] ?? {}
  const keepsBlocks = isProgressive && !isArithmetic
  const components = factors.map((factor) => {
    const stride = unitColumns * factor.across
    const blocks = stride * unitRows * factor.down
    return {
      ...factor,
      columns: Math.ceil((width * factor.across) / mostAcross / 8),
      rows: Math.ceil((height * factor.down) / mostDown / 8),
      stride,
      missingBits: new Uint8Array(64).fill(255),
      nonzero: new Uint8Array(keepsBlocks ? blocks * 64 : 0),
      lastNonzero: new Uint8Array(keepsBlocks ? blocks : 0),
    }
  })
  return { isProgressive, isArithmetic, components, unitColumns, unitRows }
}

function componentFactors(body: Uint8Array, at: number) {
  const [id = 0, factors = 0, quantization = 0] = body.subarray(at, at + 3)
  const [across, down] = [factors >> 4, factors & 15]
  ensure(across >= 1 && across <= 4 && down >= 1 && down <= 4, 'a JPEG with unknown sampling')
  ensure(quantization <= 3, 'a JPEG with an unknown quantization')
  return { id, across, down, quantization }
}
