const pngExtras = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']
const webpExtras = ['EXIF', 'XMP ']
/** Bits of the VP8X chunk's flags that announce the removed chunks. */
const webpExtraFlags = 0x08 | 0x04

/**
 * A PNG (W3C PNG, §5.3) without text, time and Exif chunks and without bytes after its end. Null where the
 * chunks are malformed.
 */
export function barePng(bytes: Uint8Array): number[] | null {
  const kept = [...bytes.subarray(0, 8)]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 8
  while (at + 12 <= bytes.length) {
    const next = at + 12 + view.getUint32(at)
    if (next > bytes.length) return null
    const type = nameAt(bytes, at + 4)
    if (!pngExtras.includes(type)) for (const byte of bytes.subarray(at, next)) kept.push(byte)
    if (type === 'IEND') return kept
    at = next
  }
  return null
}

/**
 * A WebP (RFC 9649, §2) without Exif and XMP chunks and without bytes after its end. Null where it is
 * malformed.
 */
export function bareWebp(bytes: Uint8Array): number[] | null {
  const kept = [...bytes.subarray(0, 12)]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 8 + view.getUint32(4, true)
  if (end > bytes.length) return null
  let at = 12
  while (at + 8 <= end) {
    const size = view.getUint32(at + 4, true)
    const next = at + 8 + size + (size % 2)
    if (next > end) return null
    const type = nameAt(bytes, at)
    if (!webpExtras.includes(type)) {
      const chunk = [...bytes.subarray(at, next)]
      if (type === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~webpExtraFlags
      for (const byte of chunk) kept.push(byte)
    }
    at = next
  }
  const size = kept.length - 8
  kept.splice(4, 4, size & 0xff, (size >> 8) & 0xff, (size >> 16) & 0xff, 0)
  return kept
}

const nameAt = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4))
