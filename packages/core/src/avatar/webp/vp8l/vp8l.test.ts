import { describe, expect, it } from 'vitest'
import { chunk, webp } from '../../../../testing/webp-parts.ts'
import { bareWebp } from '../bare-webp.ts'

const refused = (bytes: Uint8Array, message: string) =>
  expect(() => bareWebp(bytes)).toThrow(message)

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
    [
      'has another signature',
      of([[0x2e, 8]], header(1, 1).slice(1), plain, codes),
      'a WebP without a lossless image',
    ],
    ['has a version', of(header(1, 1, 1), plain, codes), 'a lossless WebP of an unknown version'],
    ['is too wide', of(header(1025, 1), plain, codes), 'a picture of more than 1,024 pixels'],
    ['is too high', of(header(1, 1025), plain, codes), 'a picture of more than 1,024 pixels'],
    ['is its header only', of(header(1, 1)), 'a WebP without a lossless image'],
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
      'a lossless WebP that is transformed twice alike',
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
      'a lossless WebP with an unknown cache',
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
      'a lossless WebP with an unknown cache',
    ],
    [
      'has an unknown distance',
      of(header(1, 1), plain, [7, 8, 9, 255, 40].flatMap(single)),
      'a lossless WebP with an unknown symbol',
    ],
    [
      'ends within its codes',
      of(header(1, 1), plain, codes.slice(0, 9)),
      'a lossless WebP that ends early',
    ],
    [
      'copies from before its beginning',
      of(header(2, 2), plain, longCode(), codes.slice(4)),
      'a lossless WebP that copies from nowhere',
    ],
  ])('is refused where it %s', (_what, bytes, message) => {
    refused(bytes, message)
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
