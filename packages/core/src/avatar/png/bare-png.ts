import { joinBytes, viewOf } from '../bytes.ts'
import type { Inflate } from '../inflate.ts'
import { ensure } from '../malformed-picture.ts'
import { animationFrames } from './animation.ts'
import { type PngChunk, pngChunks } from './chunks.ts'
import { type PngHeader, pngHeader } from './header.ts'
import { checkPixels } from './pixels.ts'

/** Upper limit of a colour profile, in bytes; those of printers have hundreds of kilobytes. */
const largestProfile = 1024 * 1024

/**
 * A PNG (W3C PNG, third edition) without metadata and without bytes after its end, every pixel of which is there.
 *
 * @throws MalformedPictureError
 */
export async function barePng(bytes: Uint8Array, inflate: Inflate): Promise<Uint8Array> {
  const chunks = pngChunks(bytes)
  const header = pngHeader(chunks[0])
  checkOrder(chunks)
  checkPalette(header, chunks)
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data)
  await checkPixels(header, { ...header, data }, inflate)
  const frames = animationFrames(chunks, header)
  for (const frame of frames) await checkPixels(header, frame, inflate)
  const isAnimated = chunks.some(({ type }) => type === 'acTL')
  const kept: Uint8Array[] = [bytes.subarray(0, 8)]
  for (const { type, data: content, whole } of chunks) {
    if (!isAnimated && (type === 'fcTL' || type === 'fdAT')) continue
    if (type === 'iCCP' && !(await isProfile(content, inflate))) continue
    kept.push(whole)
  }
  return joinBytes(kept)
}

/** The order of the chunks on which every decoder insists (W3C PNG, §5.6). */
function checkOrder(chunks: readonly PngChunk[]): void {
  const positions = (name: string): number[] =>
    chunks.flatMap(({ type }, index) => (type === name ? [index] : []))
  const images = positions('IDAT')
  const [first, last] = [images[0], images.at(-1)]
  ensure(first !== undefined && last !== undefined, 'a PNG without pixels')
  ensure(last - first === images.length - 1, 'a PNG whose pixels are not in one place')
  ensure(positions('IHDR').length === 1, 'a PNG with two headers')
  ensure(chunks.at(-1)?.data.length === 0, 'a PNG whose end holds something')
  for (const name of ['PLTE', 'tRNS']) {
    const [place, ...others] = positions(name)
    ensure(others.length === 0 && (place ?? 0) < first, 'a PNG with a misplaced palette')
  }
  const [palette = 0] = positions('PLTE')
  const [transparency = palette] = positions('tRNS')
  ensure(palette <= transparency, 'a PNG with a misplaced palette')
}

/** W3C PNG, §11.2.2 and §11.3.1.1. */
function checkPalette({ colourType, bitDepth }: PngHeader, chunks: readonly PngChunk[]): void {
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data
  const entries = palette === undefined ? 0 : palette.length / 3
  if (palette === undefined) ensure(colourType !== 3, 'a PNG without its palette')
  else {
    ensure(colourType !== 0 && colourType !== 4, 'a palette in a grey PNG')
    const most = colourType === 3 ? 2 ** bitDepth : 256
    ensure(Number.isInteger(entries) && entries >= 1 && entries <= most, 'a malformed palette')
  }
  const transparency = chunks.find(({ type }) => type === 'tRNS')?.data.length
  if (transparency === undefined) return
  if (colourType === 3)
    ensure(transparency >= 1 && transparency <= entries, 'more transparencies than colours')
  else ensure(transparency === { 0: 2, 2: 6 }[colourType], 'a malformed transparency')
}

/** Whether an iCCP chunk (W3C PNG, §11.3.2.3) holds a profile that says its own length (ICC.1, §7.2.2). */
async function isProfile(content: Uint8Array, inflate: Inflate): Promise<boolean> {
  const end = content.indexOf(0)
  if (end < 1 || end > 79 || content[end + 1] !== 0) return false
  const profile = await inflate(content.subarray(end + 2), largestProfile)
  if (profile === null || profile.length < 128) return false
  return viewOf(profile).getUint32(0) === profile.length
}
