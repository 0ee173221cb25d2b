import { barePng, bareWebp } from './bare-chunks.ts'
import { bareJpeg } from './bare-jpeg.ts'

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

interface Kind {
  readonly type: PictureType
  /** The first bytes; null matches any byte. */
  readonly beginning: readonly (number | null)[]
  readonly bare: (bytes: Uint8Array) => number[] | null
}

const kinds: readonly Kind[] = [
  { type: 'jpg', beginning: [0xff, 0xd8, 0xff], bare: bareJpeg },
  { type: 'png', beginning: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], bare: barePng },
  {
    type: 'webp',
    // RIFF, four bytes of length, WEBP.
    beginning: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
    bare: bareWebp,
  },
]

/**
 * The picture in these bytes, without metadata; null where they hold no picture. The type is detected from the
 * first bytes: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 */
export function pictureIn(bytes: Uint8Array): Picture | null {
  const kind = kinds.find(({ beginning }) =>
    beginning.every((byte, index) => byte === null || byte === bytes[index]),
  )
  const bare = kind?.bare(bytes)
  return kind && bare ? { type: kind.type, bytes: Uint8Array.from(bare) } : null
}
