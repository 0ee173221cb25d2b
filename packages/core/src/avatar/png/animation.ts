import { viewOf } from '../bytes.ts'
import { ensure } from '../malformed-picture.ts'
import { checkFrameCount, type PictureSize } from '../picture-size.ts'
import type { PngChunk } from './chunks.ts'
import type { PngFrame } from './pixels.ts'

interface Frame extends PictureSize {
  readonly data: Uint8Array[]
}

/**
 * The frames of an animated PNG (W3C PNG, §11.3.2) beside its default image; none where it is not animated.
 *
 * @throws MalformedPictureError
 */
export function animationFrames(chunks: readonly PngChunk[], canvas: PictureSize): PngFrame[] {
  const [control, ...others] = chunks.filter(({ type }) => type === 'acTL')
  if (control === undefined) return []
  const image = chunks.findIndex(({ type }) => type === 'IDAT')
  ensure(others.length === 0 && chunks.indexOf(control) < image, 'an animation declared late')
  ensure(control.data.length === 8, 'a malformed animation')
  const frames: Frame[] = []
  let sequence = 0
  for (const [index, { type, data }] of chunks.entries()) {
    if (type !== 'fcTL' && type !== 'fdAT') continue
    ensure(data.length >= 4 && viewOf(data).getUint32(0) === sequence, 'frames out of order')
    sequence += 1
    if (type === 'fcTL') {
      ensure(index > image || frames.length === 0, 'two frames before the default image')
      frames.push(frameOf(data, canvas, index < image))
    } else {
      ensure(index > image && frames.length > 0, 'a frame without a size')
      frames.at(-1)?.data.push(data.subarray(4))
    }
  }
  const first = chunks.findIndex(({ type }) => type === 'fcTL')
  const isDefaultFrame = first !== -1 && first < image
  const declared = viewOf(control.data).getUint32(0)
  ensure(frames.length === declared && declared > 0, 'more or fewer frames than declared')
  checkFrameCount(canvas, frames.length + (isDefaultFrame ? 0 : 1))
  const added = isDefaultFrame ? frames.slice(1) : frames
  ensure(!isDefaultFrame || frames[0]?.data.length === 0, 'two frames in one')
  ensure(
    added.every(({ data }) => data.length > 0),
    'a frame without pixels',
  )
  return added
}

function frameOf(data: Uint8Array, canvas: PictureSize, isDefault: boolean): Frame {
  ensure(data.length === 26, 'a malformed frame')
  const view = viewOf(data)
  const [width, height, left, top] = [4, 8, 12, 16].map((at) => view.getUint32(at))
  ensure(
    width !== undefined && height !== undefined && left !== undefined && top !== undefined,
    'a malformed frame',
  )
  const isInside = left + width <= canvas.width && top + height <= canvas.height
  ensure(width > 0 && height > 0 && isInside, 'a frame outside of its picture')
  const isWhole = width === canvas.width && height === canvas.height
  ensure(!isDefault || isWhole, 'a default image that is smaller than its picture')
  ensure((data[24] ?? 3) <= 2 && (data[25] ?? 2) <= 1, 'a frame with an unknown blending')
  return { width, height, data: [] }
}
