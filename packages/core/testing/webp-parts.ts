import { testPictures } from './pictures.ts'

/* Parts of a WebP (RFC 9649), to put together sound and malformed ones. */

const bytesOf = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const fourBytes = (value: number): number[] => [
  ...[value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24],
]
export const chunk = (type: string, data: ArrayLike<number>): number[] => {
  const bytes = Array.from(data)
  return [...bytesOf(type), ...fourBytes(bytes.length), ...bytes, ...(bytes.length % 2 ? [0] : [])]
}
export const webp = (...chunks: number[][]): Uint8Array => {
  const content = [...bytesOf('WEBP'), ...chunks.flat()]
  return Uint8Array.from([...bytesOf('RIFF'), ...fourBytes(content.length), ...content])
}
export const threeBytes = (value: number): number[] => fourBytes(value).slice(0, 3)
export const extended = (flags: number, width = 24, height = 17): number[] =>
  chunk('VP8X', [flags, 0, 0, 0, ...threeBytes(width - 1), ...threeBytes(height - 1)])

/** The data of the first chunk of a simple WebP. */
const dataOf = (bytes: Uint8Array): number[] => [...bytes.slice(20)]
export const lossy: number[] = dataOf(testPictures.webp)
export const lossless: number[] = dataOf(testPictures.lossless)
export const profile: number[] = chunk('ICCP', [1, 2, 3])
