import { viewOf } from '../bytes.ts'
import { ensure } from '../malformed-picture.ts'
import { checkFrameCount, checkSize, type PictureSize } from '../picture-size.ts'
import { checkAlpha } from './alpha.ts'
import { riffChunk, riffChunks, type WebpChunk } from './chunks.ts'
import { checkLossy } from './vp8/vp8.ts'
import { checkLossless, losslessSize } from './vp8l/vp8l.ts'

/** Bits of the first byte of a VP8X chunk (RFC 9649, §2.7). */
const flag = { profile: 0x20, alpha: 0x10, animation: 0x02 }

/**
 * A WebP (RFC 9649) without metadata and without bytes after its end.
 *
 * @throws MalformedPictureError
 */
export function bareWebp(bytes: Uint8Array): Uint8Array {
  const end = 8 + viewOf(bytes).getUint32(4, true)
  ensure(end <= bytes.length && end >= 12, 'a WebP that is longer than the file')
  const chunks = riffChunks(bytes.subarray(12, end))
  const [first] = chunks
  ensure(first !== undefined, 'a WebP without chunks')
  const kept = first.type === 'VP8X' ? extendedChunks(first, chunks) : [first.whole]
  // Without VP8X there is one image, and what follows it is not part of the picture.
  if (first.type !== 'VP8X') checkImage([first], null)
  return riffChunk(bytes.slice(0, 12), kept)
}

/** The chunks of the extended format (RFC 9649, §2.7) that belong to the picture. */
function extendedChunks(header: WebpChunk, chunks: readonly WebpChunk[]): Uint8Array[] {
  const canvas = canvasOf(header)
  const flags = header.data[0] ?? 0
  const profile = chunks.filter(({ type }) => type === 'ICCP').slice(0, 1)
  const isAnimated = (flags & flag.animation) !== 0
  const images = isAnimated ? animationChunks(canvas, chunks) : imageChunks(canvas, chunks)
  const bare = header.whole.slice()
  bare[8] = (flags & (flag.alpha | flag.animation)) | (profile.length > 0 ? flag.profile : 0)
  return [bare, ...profile.map(({ whole }) => whole), ...images]
}

function canvasOf({ data }: WebpChunk): PictureSize {
  ensure(data.length === 10, 'a malformed WebP header')
  const canvas = { width: 1 + threeBytes(data, 4), height: 1 + threeBytes(data, 7) }
  checkSize(canvas)
  return canvas
}

const threeBytes = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0) * 65_536

const isImage = ({ type }: WebpChunk): boolean => ['ALPH', 'VP8 ', 'VP8L'].includes(type)

function imageChunks(canvas: PictureSize, chunks: readonly WebpChunk[]): Uint8Array[] {
  const images = chunks.filter(isImage)
  checkImage(images, canvas)
  ensure(!chunks.some(({ type }) => type === 'ANMF'), 'a WebP with undeclared frames')
  return images.map(({ whole }) => whole)
}

/** One lossless image, or a lossy one that an alpha channel may precede. */
function checkImage(images: readonly WebpChunk[], expected: PictureSize | null): void {
  const image = images.at(-1)
  const [alpha] = images.length > 1 ? images : []
  ensure(image !== undefined && images.length <= 2, 'a WebP without an image, or with several')
  ensure(image.type === 'VP8 ' || image.type === 'VP8L', 'a WebP without an image')
  const size = image.type === 'VP8L' ? losslessSize(image.data) : checkLossy(image.data)
  checkSize(size)
  const { width, height } = expected ?? size
  ensure(size.width === width && size.height === height, 'a WebP whose image has another size')
  if (image.type === 'VP8L') checkLossless(image.data)
  ensure(
    alpha === undefined || (alpha.type === 'ALPH' && image.type === 'VP8 '),
    'a WebP with several images',
  )
  if (alpha !== undefined) checkAlpha(alpha.data, size)
}

/** The ANIM chunk and the frames (RFC 9649, §2.7.1.1), without what is unknown in them. */
function animationChunks(canvas: PictureSize, chunks: readonly WebpChunk[]): Uint8Array[] {
  const control = chunks.find(({ type }) => type === 'ANIM')
  const frames = chunks.filter(({ type }) => type === 'ANMF')
  ensure(control?.data.length === 6, 'a WebP animation without its settings')
  ensure(!chunks.some(isImage), 'a WebP animation with an image beside its frames')
  checkFrameCount(canvas, frames.length)
  return [control.whole, ...frames.map((frame) => bareFrame(canvas, frame))]
}

function bareFrame(canvas: PictureSize, { data, whole }: WebpChunk): Uint8Array {
  ensure(data.length > 16, 'a malformed WebP frame')
  const size = { width: 1 + threeBytes(data, 6), height: 1 + threeBytes(data, 9) }
  const [left, top] = [2 * threeBytes(data, 0), 2 * threeBytes(data, 3)]
  const isInside = left + size.width <= canvas.width && top + size.height <= canvas.height
  ensure(isInside, 'a frame outside of its picture')
  const images = riffChunks(data.subarray(16)).filter(isImage)
  checkImage(images, size)
  return riffChunk(
    whole.slice(0, 24),
    images.map((image) => image.whole),
  )
}
