const marker = { start: 0xd8, end: 0xd9, scan: 0xda, exif: 0xe1, icc: 0xe2, comment: 0xfe }
/** JFIF, the colour profile and Adobe's colour transform: without them the colours may change. */
const neededApps = [0xe0, 0xe2, 0xee]

/**
 * A JPEG (ITU T.81, annex B) without metadata: place, time, device, comments, previews, and bytes after its
 * end. The orientation stays. Null where the segments are malformed.
 */
export function bareJpeg(bytes: Uint8Array): number[] | null {
  const kept = [0xff, marker.start]
  let at = 2
  while (at < bytes.length) {
    const code = bytes[at + 1]
    if (bytes[at] !== 0xff || code === undefined) return null
    // Any number of 0xff bytes may precede a marker.
    if (code === 0xff) {
      at += 1
      continue
    }
    if (code === marker.end) break
    const size = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    const next = at + 2 + size
    if (size < 2 || next > bytes.length) return null
    const body = bytes.subarray(at + 4, next)
    if (isNeeded(code, body)) for (const byte of bytes.subarray(at, next)) kept.push(byte)
    if (code === marker.exif) kept.push(...turnOnly(body))
    at = next
    if (code === marker.scan) {
      const end = endOfScan(bytes, at)
      for (const byte of bytes.subarray(at, end)) kept.push(byte)
      at = end
    }
  }
  kept.push(0xff, marker.end)
  return kept
}

function isNeeded(code: number, body: Uint8Array): boolean {
  if (code === marker.icc) return begins(body, 'ICC_PROFILE\0')
  return code < 0xe0 || code > 0xef ? code !== marker.comment : neededApps.includes(code)
}

/** In a scan, 0xff is followed by 0 or by a restart marker; any other marker ends the scan. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length) {
    const code = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && code !== 0 && !(code >= 0xd0 && code <= 0xd7)) return at
    at += 1
  }
  return bytes.length
}

const begins = (body: Uint8Array, text: string): boolean =>
  [...text].every((letter, index) => body[index] === letter.charCodeAt(0))

/** An Exif segment that holds the orientation only; empty where the picture is upright. */
function turnOnly(body: Uint8Array): number[] {
  const turn = begins(body, 'Exif\0\0') ? orientationIn(body.subarray(6)) : 1
  if (turn < 2 || turn > 8) return []
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0]
  const header = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8]
  const directory = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0]
  const content = [...exif, ...header, ...directory]
  return [0xff, marker.exif, 0, content.length + 2, ...content]
}

/** Tag 0x0112 (orientation) of the first directory of a TIFF 6.0 file; 1, upright, where it is absent. */
function orientationIn(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 14) return 1
  const isLittle = tiff[0] === 0x49
  const start = view.getUint32(4, isLittle)
  if (start + 2 > tiff.length) return 1
  const count = view.getUint16(start, isLittle)
  for (let entry = start + 2; entry < start + 2 + count * 12; entry += 12) {
    if (entry + 12 > tiff.length) return 1
    if (view.getUint16(entry, isLittle) === 0x0112) return view.getUint16(entry + 8, isLittle)
  }
  return 1
}
