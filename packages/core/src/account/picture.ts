/** What browsers and phones alike can show. */
export type PictureType = 'jpg' | 'png' | 'webp'

export interface Picture {
  readonly type: PictureType
  readonly bytes: Uint8Array
}

/** Bytes. A face of 256 pixels fits twice over, and a request that carries it stays small. */
export const largestPicture: number = 40 * 1024

/** Each kind by its first bytes; null is a byte that may be any. */
const beginnings: readonly (readonly [PictureType, readonly (number | null)[]])[] = [
  ['jpg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  // RIFF, four bytes of length, WEBP.
  ['webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
]

/** What these bytes say they are, or null. https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern */
export function pictureTypeOf(bytes: Uint8Array): PictureType | null {
  const found = beginnings.find(([, beginning]) =>
    beginning.every((byte, index) => byte === null || byte === bytes[index]),
  )
  return found?.[0] ?? null
}
