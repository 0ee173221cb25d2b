import { describe, expect, it } from 'vitest'
import { testPictures } from '../../../testing/index.ts'
import { bareWebp } from './bare-webp.ts'

const bytesOf = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const fourBytes = (value: number): number[] => [
  ...[value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24],
]
const chunk = (type: string, data: ArrayLike<number>): number[] => {
  const bytes = Array.from(data)
  return [...bytesOf(type), ...fourBytes(bytes.length), ...bytes, ...(bytes.length % 2 ? [0] : [])]
}
const webp = (...chunks: number[][]): Uint8Array => {
  const content = [...bytesOf('WEBP'), ...chunks.flat()]
  return Uint8Array.from([...bytesOf('RIFF'), ...fourBytes(content.length), ...content])
}
const threeBytes = (value: number): number[] => fourBytes(value).slice(0, 3)
const extended = (flags: number, width = 24, height = 17): number[] =>
  chunk('VP8X', [flags, 0, 0, 0, ...threeBytes(width - 1), ...threeBytes(height - 1)])

/** The data of the first chunk of a simple WebP. */
const dataOf = (bytes: Uint8Array): number[] => [...bytes.slice(20)]
const lossy = dataOf(testPictures.webp)
const lossless = dataOf(testPictures.lossless)
const profile = chunk('ICCP', [1, 2, 3])
const refused = (bytes: Uint8Array, message = 'a') => expect(() => bareWebp(bytes)).toThrow(message)

describe('a WebP', () => {
  it('loses its metadata, unknown chunks, and the flags that announce them', () => {
    const extras = [chunk('EXIF', [1]), chunk('XMP ', [1, 2]), chunk('meta', [1])]
    for (const image of [chunk('VP8 ', lossy), chunk('VP8L', lossless)]) {
      const sent = webp(extended(0x2c), ...extras, profile, image, ...extras)
      expect(bareWebp(sent)).toEqual(webp(extended(0x20), profile, image))
      expect(bareWebp(webp(extended(0x2c), image))).toEqual(webp(extended(0), image))
      expect(bareWebp(webp(image, ...extras, image))).toEqual(webp(image))
    }
  })

  it.each([
    ['longer than the file', webp(chunk('VP8 ', lossy)).with(4, 255).with(5, 255)],
    ['shorter than its name', webp().with(4, 3)],
    ['with a chunk that is longer than it', webp(chunk('VP8 ', lossy)).with(17, 9)],
    ['with bytes between its chunks', webp(chunk('VP8 ', lossy), [1, 2])],
    ['without an image', webp(extended(0), profile)],
    ['of transparency only', webp(extended(0x10), chunk('ALPH', [0, 1]))],
    ['with transparency only at first', webp(chunk('ALPH', [0, 1]))],
    ['with two images', webp(extended(0), chunk('VP8 ', lossy), chunk('VP8 ', lossy))],
    ['with an image of another size', webp(extended(0, 25), chunk('VP8 ', lossy))],
    ['with a lossless image of another size', webp(extended(0, 24, 18), chunk('VP8L', lossless))],
    ['of a width beyond the limit', webp(extended(0, 1025), chunk('VP8 ', lossy))],
    [
      'with a short header',
      webp(chunk('VP8X', [0, 0, 0, 0, 23, 0, 0, 16, 0]), chunk('VP8 ', lossy)),
    ],
    ['with undeclared frames', webp(extended(0), chunk('VP8 ', lossy), chunk('ANMF', []))],
    [
      'with transparency beside a lossless image',
      webp(extended(0x10), chunk('ALPH', [0, ...lossy]), chunk('VP8L', lossless)),
    ],
  ])('is refused that is %s', (_what, bytes) => {
    refused(bytes)
  })

  it('may have a transparency that is not compressed, of each pixel', () => {
    const of = (count: number, settings = 0) => {
      const alpha = [settings, ...Array.from({ length: count }, () => 7)]
      return webp(extended(0x10), chunk('ALPH', alpha), chunk('VP8 ', lossy))
    }
    expect(bareWebp(of(24 * 17))).toEqual(of(24 * 17))
    refused(of(24 * 17 - 1), 'a WebP without all of its transparency')
    for (const settings of [2, 0x20, 0x40, 0x80])
      refused(of(24 * 17, settings), 'a WebP with an unknown')
    const empty = webp(extended(0x10), chunk('ALPH', []), chunk('VP8 ', lossy))
    refused(empty, 'a WebP without its transparency')
  })
})

describe('a lossy WebP', () => {
  const changed = (at: number, value: number) => webp(chunk('VP8 ', lossy.with(at, value)))

  it.each([
    ['between two others', changed(0, (lossy[0] ?? 0) | 1)],
    ['of an unknown version', changed(0, (lossy[0] ?? 0) | 0x0e)],
    ['that is not shown', changed(0, (lossy[0] ?? 0) & ~0x10)],
    ['without its start code', changed(4, 0)],
    ['without a width', webp(chunk('VP8 ', lossy.with(6, 0)))],
    ['of more than 1,024 pixels', changed(7, 0x08)],
    ['whose first part is longer than it', changed(2, 0xff)],
    ['with more rows than it has data for', webp(chunk('VP8 ', lossy.with(9, 2)))],
  ])('is no picture %s', (_what, bytes) => {
    refused(bytes)
  })
})

describe('a lossless WebP', () => {
  /** Bits, the lowest of a number first. */
  const packed = (...fields: [value: number, count: number][]): number[] => {
    const bits = fields.flatMap(([value, count]) =>
      Array.from({ length: count }, (_, index) => (value >> index) & 1),
    )
    return Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
      bits.slice(8 * byte, 8 * byte + 8).reduce((sum, bit, index) => sum + (bit << index), 0),
    )
  }
  /** A code of one symbol, which takes no bits. */
  const single = (symbol: number): [number, number][] => [
    [1, 1],
    [0, 1],
    [1, 1],
    [symbol, 8],
  ]
  const codes = [7, 8, 9, 255, 0].flatMap(single)
  const header = (width: number, height: number, version = 0): [number, number][] => [
    [0x2f, 8],
    [width - 1, 14],
    [height - 1, 14],
    [0, 1],
    [version, 3],
  ]
  const of = (...fields: [number, number][][]) => webp(chunk('VP8L', packed(...fields.flat())))
  /** No transform, no cache, one group of codes. */
  const plain: [number, number][] = [[0, 3]]

  it.each([
    ['one colour', of(header(1024, 1024), plain, codes)],
    [
      'a cache',
      of(
        header(2, 2),
        [
          [0, 1],
          [1, 1],
          [4, 4],
          [0, 1],
        ],
        codes,
      ),
    ],
    [
      'green apart',
      of(
        header(2, 2),
        [
          [1, 1],
          [2, 2],
          [0, 1],
          [0, 2],
        ],
        codes,
      ),
    ],
    [
      'a palette',
      of(
        header(9, 2),
        [
          [1, 1],
          [3, 2],
          [1, 8],
          [0, 1],
        ],
        codes,
        [
          [0, 1],
          [0, 2],
        ],
        codes,
      ),
    ],
  ])('may be of %s', (_what, bytes) => {
    expect(bareWebp(bytes)).toEqual(bytes)
  })

  it.each([
    ['has another signature', of([[0x2e, 8]], header(1, 1).slice(1), plain, codes)],
    ['has a version', of(header(1, 1, 1), plain, codes)],
    ['is too wide', of(header(1025, 1), plain, codes)],
    ['is too high', of(header(1, 1025), plain, codes)],
    ['is its header only', of(header(1, 1))],
    [
      'has a transform twice',
      of(
        header(1, 1),
        [
          [1, 1],
          [2, 2],
          [1, 1],
          [2, 2],
          [0, 3],
        ],
        codes,
      ),
    ],
    [
      'has a cache of no colours',
      of(
        header(1, 1),
        [
          [0, 1],
          [1, 1],
          [0, 4],
          [0, 1],
        ],
        codes,
      ),
    ],
    [
      'has a cache of too many',
      of(
        header(1, 1),
        [
          [0, 1],
          [1, 1],
          [12, 4],
          [0, 1],
        ],
        codes,
      ),
    ],
    ['has an unknown distance', of(header(1, 1), plain, [7, 8, 9, 255, 40].flatMap(single))],
    ['ends within its codes', of(header(1, 1), plain, codes.slice(0, 9))],
    ['copies from before its beginning', of(header(2, 2), plain, longCode(), codes.slice(4))],
  ])('is refused where it %s', (_what, bytes) => {
    refused(bytes)
  })

  /** A code of green whose one symbol, 256, copies a pixel: lengths of 256 zeros, and then a one. */
  function longCode(): [number, number][] {
    const lengths = Array.from({ length: 19 }, (): [number, number] => [0, 3])
    // In the order of the lengths: 17, 18, 0, 1; 18 repeats zeros, and 1 is the length of the symbol.
    lengths[1] = [1, 3]
    lengths[3] = [1, 3]
    const zeros = (count: number): [number, number][] => [
      [1, 1],
      [count - 11, 7],
    ]
    return [
      [0, 1],
      [0, 4],
      ...lengths.slice(0, 4),
      [0, 1],
      ...zeros(138),
      ...zeros(118),
      [0, 1],
      ...zeros(23),
    ]
  }
})

describe('an animated WebP', () => {
  const control = chunk('ANIM', [0, 0, 0, 0, 0, 0])
  const frame = ({ left = 0, width = 24, height = 17, chunks = chunk('VP8 ', lossy) } = {}) =>
    chunk('ANMF', [
      ...[
        ...threeBytes(left),
        ...threeBytes(0),
        ...threeBytes(width - 1),
        ...threeBytes(height - 1),
      ],
      ...[100, 0, 0, 0],
      ...chunks,
    ])
  const of = (...chunks: number[][]) => webp(extended(0x02), ...chunks)

  it('loses its metadata, also in its frames', () => {
    const extra = chunk('EXIF', [1])
    const crowded = frame({ chunks: [...extra, ...chunk('VP8 ', lossy), ...extra] })
    const sent = webp(extended(0x0e), extra, control, crowded, extra, frame())
    expect(bareWebp(sent)).toEqual(of(control, frame(), frame()))
  })

  it.each([
    ['no settings', of(frame())],
    ['no frames', of(control)],
    ['an image beside them', of(control, frame(), chunk('VP8 ', lossy))],
    ['a frame outside', of(control, frame({ left: 1 }))],
    ['a frame of another size', of(control, frame({ width: 23 }))],
    ['an empty frame', of(control, frame({ chunks: [] }))],
    ['a short frame', of(control, chunk('ANMF', [0, 0]))],
  ])('is refused with %s', (_what, bytes) => {
    refused(bytes)
  })

  it('takes no more than one picture of the largest size', () => {
    const many = (count: number) =>
      webp(extended(0x02, 1024, 256), control, ...Array.from({ length: count }, () => frame()))
    expect(bareWebp(many(4))).toEqual(many(4))
    refused(many(5), 'an animation of too many pixels')
  })
})
