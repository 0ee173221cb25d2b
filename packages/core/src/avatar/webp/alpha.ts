import { ensure } from '../malformed-picture.ts'
import type { PictureSize } from '../picture-size.ts'
import { createLosslessReader } from './vp8l/bit-reader.ts'
import { readLosslessImage } from './vp8l/vp8l.ts'

/** Checks an ALPH chunk (RFC 9649, §2.7.1.2): raw bytes, or a lossless image. @throws MalformedPictureError */
export function checkAlpha(data: Uint8Array, size: PictureSize): void {
  const [settings] = data
  ensure(settings !== undefined, 'a WebP without its transparency')
  const [compression, processing] = [settings & 3, (settings >> 4) & 3]
  const isKnown = compression <= 1 && processing <= 1 && settings >> 6 === 0
  ensure(isKnown, 'a WebP with an unknown transparency')
  if (compression === 1) readLosslessImage(createLosslessReader(data, 1), size)
  else ensure(data.length - 1 >= size.width * size.height, 'a WebP without all of its transparency')
}
