import { viewOf } from '../bytes.ts'
import { ensure } from '../malformed-picture.ts'
import { checkSize, type PictureSize } from '../picture-size.ts'
import type { PngChunk } from './chunks.ts'

export interface PngHeader extends PictureSize {
  readonly bitDepth: number
  readonly colourType: number
  readonly bitsPerPixel: number
  readonly isInterlaced: boolean
}

/** Channels and bit depths by colour type (W3C PNG, §11.2.1). */
const colourTypes: Readonly<Record<number, { channels: number; bitDepths: readonly number[] }>> = {
  0: { channels: 1, bitDepths: [1, 2, 4, 8, 16] },
  2: { channels: 3, bitDepths: [8, 16] },
  3: { channels: 1, bitDepths: [1, 2, 4, 8] },
  4: { channels: 2, bitDepths: [8, 16] },
  6: { channels: 4, bitDepths: [8, 16] },
}

/** @throws MalformedPictureError */
export function pngHeader(chunk: PngChunk | undefined): PngHeader {
  ensure(chunk?.type === 'IHDR' && chunk.data.length === 13, 'a PNG without a header')
  const view = viewOf(chunk.data)
  const size = { width: view.getUint32(0), height: view.getUint32(4) }
  checkSize(size)
  const [bitDepth, colourType, compression, filter, interlace] = chunk.data.subarray(8)
  const known = colourTypes[colourType ?? -1]
  ensure(
    known !== undefined && bitDepth !== undefined && known.bitDepths.includes(bitDepth),
    'a PNG with unknown colours',
  )
  ensure(compression === 0 && filter === 0, 'a PNG with an unknown compression')
  ensure(interlace === 0 || interlace === 1, 'a PNG with an unknown interlace')
  return {
    ...size,
    bitDepth,
    colourType: colourType ?? 0,
    bitsPerPixel: known.channels * bitDepth,
    isInterlaced: interlace === 1,
  }
}
