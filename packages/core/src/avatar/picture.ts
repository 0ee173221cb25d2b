import { beginsWith, textAt } from './bytes.ts'
import type { Inflate } from './inflate.ts'
import { bareJpeg } from './jpeg/bare-jpeg.ts'
import { ensure } from './malformed-picture.ts'
import { barePng } from './png/bare-png.ts'
import { bareWebp } from './webp/bare-webp.ts'

/** The types that both browsers and phones can show. */
export type PictureType = 'jpg' | 'png' | 'webp'

export interface Picture {
  readonly type: PictureType
  readonly bytes: Uint8Array
}

/**
 * Upper limit of a picture, in bytes. A portrait of 256 pixels needs half of it, and a request that carries it
 * stays small.
 */
export const largestPicture: number = 40 * 1024

/**
 * The picture in these bytes, without metadata. A decoder draws it: every pixel is there, and it is at most 1,024
 * pixels wide and high. The type is detected from the first bytes:
 * https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 *
 * @throws MalformedPictureError where they hold no such picture
 */
export async function pictureIn(bytes: Uint8Array, inflate: Inflate): Promise<Picture> {
  ensure(bytes.length <= largestPicture, 'a picture that is too large')
  if (beginsWith(bytes, '\xff\xd8\xff')) return { type: 'jpg', bytes: bareJpeg(bytes) }
  if (beginsWith(bytes, '\x89PNG\r\n\x1a\n'))
    return { type: 'png', bytes: await barePng(bytes, inflate) }
  const isWebp = beginsWith(bytes, 'RIFF') && textAt(bytes, 8, 4) === 'WEBP'
  ensure(isWebp, 'bytes that begin as no picture does')
  return { type: 'webp', bytes: bareWebp(bytes) }
}
