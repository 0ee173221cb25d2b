import { beginsWith } from '../bytes.ts'
import { orientationSegment } from './exif-orientation.ts'

/** Of each application segment, by the last digit of its marker, what the colours or the orientation depend on. */
const kept: Readonly<Record<number, (body: Uint8Array) => Uint8Array>> = {
  224: (body) => (beginsWith(body, 'JFIF\0') ? segment(0xe0, jfifWithoutPreview(body)) : none),
  225: orientationSegment,
  226: (body) => (beginsWith(body, 'ICC_PROFILE\0') ? segment(0xe2, body) : none),
  // Adobe's colour transform: version, two flags and the transform, 0 to 2.
  238: (body) =>
    beginsWith(body, 'Adobe') && (body[11] ?? 3) <= 2 ? segment(0xee, body.subarray(0, 12)) : none,
}
const none = new Uint8Array()

/** What stays of an application segment (markers 0xe0 to 0xef): no place, time, device or preview. */
export function bareAppSegment(code: number, body: Uint8Array): Uint8Array {
  return kept[code]?.(body) ?? none
}

/** JFIF 1.02: version, unit and density; then the width and height of a preview, and its pixels. */
function jfifWithoutPreview(body: Uint8Array): Uint8Array {
  const bare = Uint8Array.from(body.subarray(0, 14))
  return bare.fill(0, 12)
}

function segment(code: number, body: Uint8Array): Uint8Array {
  const length = body.length + 2
  return Uint8Array.of(0xff, code, length >> 8, length & 0xff, ...body)
}
