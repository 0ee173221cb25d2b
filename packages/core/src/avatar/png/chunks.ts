import { textAt, viewOf } from '../bytes.ts'
import { ensure } from '../malformed-picture.ts'
import { crc32 } from './crc32.ts'

export interface PngChunk {
  readonly type: string
  readonly data: Uint8Array
  /** With its length, type and check sum. */
  readonly whole: Uint8Array
}

/** Without these a decoder draws nothing, or other pixels, colours or proportions. All other chunks are metadata. */
const kept = [
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'acTL', 'fcTL', 'fdAT'],
  ...['cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'pHYs'],
]

/**
 * The chunks of a PNG (W3C PNG, §5.3) up to its end, without metadata.
 *
 * @throws MalformedPictureError where one is cut off, fails its check sum, or is critical and unknown
 */
export function pngChunks(bytes: Uint8Array): PngChunk[] {
  const view = viewOf(bytes)
  const chunks: PngChunk[] = []
  let at = 8
  while (chunks.at(-1)?.type !== 'IEND') {
    ensure(at + 12 <= bytes.length, 'a PNG without an end')
    const next = at + 12 + view.getUint32(at)
    ensure(next <= bytes.length, 'a PNG chunk that is longer than the file')
    const type = textAt(bytes, at + 4, 4)
    if (kept.includes(type)) {
      const sum = view.getUint32(next - 4)
      ensure(crc32(bytes.subarray(at + 4, next - 4)) === sum, 'a PNG chunk with a wrong check sum')
      chunks.push({
        type,
        data: bytes.subarray(at + 8, next - 4),
        whole: bytes.subarray(at, next),
      })
    } else ensure(/^[a-z]/.test(type), 'a critical PNG chunk that is unknown')
    at = next
  }
  return chunks
}
