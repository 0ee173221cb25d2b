import type { Inflate } from '../../src/index.ts'

/** Reads zlib streams whose blocks are stored uncompressed (RFC 1951, §3.2.4), as `storedStream` makes them. */
export const inflateStored: Inflate = async (compressed, limit) => {
  const parts: number[] = []
  let at = 2
  for (let isLast = false; !isLast; ) {
    const [head, low, high, notLow] = compressed.subarray(at, at + 5)
    if (low === undefined || high === undefined || notLow !== 255 - low) return null
    isLast = head === 1
    const end = at + 5 + low + high * 256
    if (end + 4 > compressed.length) return null
    parts.push(...compressed.subarray(at + 5, end))
    at = end
  }
  return at + 4 === compressed.length && parts.length <= limit ? Uint8Array.from(parts) : null
}
