import { ensure } from './malformed-picture.ts'

/** Upper limit of the width and of the height, in pixels. */
const longestSide = 1024

/** Upper limit of all frames of an animation together, in pixels: the memory of one picture of the largest size. */
const mostPixels = longestSide * longestSide

export interface PictureSize {
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** @throws MalformedPictureError for less than 1 pixel or more than 1,024 each way */
export function checkSize({ width, height }: PictureSize): void {
  ensure(width >= 1 && height >= 1, 'a picture without pixels')
  ensure(width <= longestSide && height <= longestSide, 'a picture of more than 1,024 pixels')
}

/**
 * Decoders keep each frame of an animation as a whole picture, so a few kilobytes can take gigabytes.
 *
 * @throws MalformedPictureError for no frames or too many
 */
export function checkFrameCount({ width, height }: PictureSize, frames: number): void {
  ensure(frames >= 1, 'an animation without frames')
  ensure(frames * width * height <= mostPixels, 'an animation of too many pixels')
}
