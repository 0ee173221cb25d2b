import { textAt, viewOf } from '../bytes.ts'
import { ensure } from '../malformed-picture.ts'

export interface WebpChunk {
  readonly type: string
  readonly data: Uint8Array
  /** With its type, its length and the byte that makes it even. */
  readonly whole: Uint8Array
}

/** The chunks of a RIFF file (RFC 9649, §2.3). @throws MalformedPictureError where one is cut off */
export function riffChunks(bytes: Uint8Array): WebpChunk[] {
  const view = viewOf(bytes)
  const chunks: WebpChunk[] = []
  let at = 0
  while (at < bytes.length) {
    ensure(at + 8 <= bytes.length, 'a WebP with bytes between its chunks')
    const size = view.getUint32(at + 4, true)
    const next = at + 8 + size + (size % 2)
    ensure(next <= bytes.length, 'a WebP chunk that is longer than the file')
    chunks.push({
      type: textAt(bytes, at, 4),
      data: bytes.subarray(at + 8, at + 8 + size),
      whole: bytes.subarray(at, next),
    })
    at = next
  }
  return chunks
}

/** @param head type, size and any number of further bytes that the size counts */
export function riffChunk(head: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, head.length)
  const whole = new Uint8Array(length)
  whole.set(head)
  viewOf(whole).setUint32(4, length - 8, true)
  let at = head.length
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
