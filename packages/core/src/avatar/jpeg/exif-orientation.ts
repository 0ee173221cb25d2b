import { beginsWith, viewOf } from '../bytes.ts'

/** An Exif segment that holds the orientation only; empty where the picture is upright. */
export function orientationSegment(body: Uint8Array): Uint8Array {
  const turn = beginsWith(body, 'Exif\0\0') ? orientationIn(body.subarray(6)) : 1
  if (turn < 2 || turn > 8) return new Uint8Array()
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0]
  const header = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8]
  const directory = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0]
  const content = [...exif, ...header, ...directory]
  return Uint8Array.of(0xff, 0xe1, 0, content.length + 2, ...content)
}

/** Tag 0x0112 (orientation) of the first directory of a TIFF 6.0 file; 1, upright, where it is absent. */
function orientationIn(tiff: Uint8Array): number {
  if (tiff.length < 14) return 1
  const view = viewOf(tiff)
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
