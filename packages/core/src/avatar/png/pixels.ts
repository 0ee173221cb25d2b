import { joinBytes } from '../bytes.ts'
import type { Inflate } from '../inflate.ts'
import { ensure } from '../malformed-picture.ts'
import type { PictureSize } from '../picture-size.ts'
import type { PngHeader } from './header.ts'

/** First column and row, and steps, of the passes of Adam7 (W3C PNG, §8.1). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
const onePass = [[0, 0, 1, 1]] as const

/** One pass over a picture: its rows, each with its filter byte. */
interface Pass {
  readonly rows: number
  /** Bytes of a row with its filter byte. */
  readonly rowLength: number
}

function passesOf(header: PngHeader, { width, height }: PictureSize): Pass[] {
  const passes = (header.isInterlaced ? adam7 : onePass).map(([left, top, stepX, stepY]) => {
    const columns = Math.ceil((width - left) / stepX)
    return {
      rows: columns > 0 ? Math.max(0, Math.ceil((height - top) / stepY)) : 0,
      rowLength: 1 + Math.ceil((columns * header.bitsPerPixel) / 8),
    }
  })
  return passes.filter(({ rows }) => rows > 0)
}

/** A frame of a PNG, or the whole of it. */
export interface PngFrame extends PictureSize {
  /** Parts of one zlib stream. */
  readonly data: readonly Uint8Array[]
}

/**
 * Whether the data holds exactly the rows of the frame, each with a known filter (W3C PNG, §9.2).
 *
 * @throws MalformedPictureError
 */
export async function checkPixels(
  header: PngHeader,
  frame: PngFrame,
  inflate: Inflate,
): Promise<void> {
  const passes = passesOf(header, frame)
  const length = passes.reduce((sum, { rows, rowLength }) => sum + rows * rowLength, 0)
  const pixels = await inflate(joinBytes(frame.data), length)
  ensure(pixels?.length === length, 'a PNG with more, fewer or damaged pixels')
  let at = 0
  for (const { rows, rowLength } of passes)
    for (let row = 0; row < rows; row++) {
      ensure((pixels[at] ?? 5) <= 4, 'a PNG with an unknown filter')
      at += rowLength
    }
}
