import { describe, expect, it } from 'vitest'
import {
  chunk,
  extended,
  lossless,
  lossy,
  profile,
  threeBytes,
  webp,
} from '../../../testing/webp-parts.ts'
import { bareWebp } from './bare-webp.ts'

const refused = (bytes: Uint8Array, message: string) =>
  expect(() => bareWebp(bytes)).toThrow(message)

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
    [
      'longer than the file',
      webp(chunk('VP8 ', lossy)).with(4, 255).with(5, 255),
      'a WebP that is longer than the file',
    ],
    ['shorter than its name', webp().with(4, 3), 'a WebP that is longer than the file'],
    [
      'with a chunk that is longer than it',
      webp(chunk('VP8 ', lossy)).with(17, 9),
      'a WebP chunk that is longer than the file',
    ],
    [
      'with bytes between its chunks',
      webp(chunk('VP8 ', lossy), [1, 2]),
      'a WebP with bytes between its chunks',
    ],
    ['without an image', webp(extended(0), profile), 'a WebP without an image, or with several'],
    [
      'of transparency only',
      webp(extended(0x10), chunk('ALPH', [0, 1])),
      'a WebP without an image',
    ],
    ['with transparency only at first', webp(chunk('ALPH', [0, 1])), 'a WebP without an image'],
    [
      'with two images',
      webp(extended(0), chunk('VP8 ', lossy), chunk('VP8 ', lossy)),
      'a WebP with several images',
    ],
    [
      'with an image of another size',
      webp(extended(0, 25), chunk('VP8 ', lossy)),
      'a WebP whose image has another size',
    ],
    [
      'with a lossless image of another size',
      webp(extended(0, 24, 18), chunk('VP8L', lossless)),
      'a WebP whose image has another size',
    ],
    [
      'of a width beyond the limit',
      webp(extended(0, 1025), chunk('VP8 ', lossy)),
      'a picture of more than 1,024 pixels',
    ],
    [
      'with a short header',
      webp(chunk('VP8X', [0, 0, 0, 0, 23, 0, 0, 16, 0]), chunk('VP8 ', lossy)),
      'a malformed WebP header',
    ],
    [
      'with undeclared frames',
      webp(extended(0), chunk('VP8 ', lossy), chunk('ANMF', [])),
      'a WebP with undeclared frames',
    ],
    [
      'with transparency beside a lossless image',
      webp(extended(0x10), chunk('ALPH', [0, ...lossy]), chunk('VP8L', lossless)),
      'a WebP with several images',
    ],
  ])('is refused that is %s', (_what, bytes, message) => {
    refused(bytes, message)
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
    ['between two others', changed(0, (lossy[0] ?? 0) | 1), 'a WebP without a lossy image'],
    ['of an unknown version', changed(0, (lossy[0] ?? 0) | 0x0e), 'a WebP without a lossy image'],
    ['that is not shown', changed(0, (lossy[0] ?? 0) & ~0x10), 'a WebP without a lossy image'],
    ['without its start code', changed(4, 0), 'a WebP without a lossy image'],
    ['without a width', webp(chunk('VP8 ', lossy.with(6, 0))), 'a picture without pixels'],
    ['of more than 1,024 pixels', changed(7, 0x08), 'a picture of more than 1,024 pixels'],
    ['whose first part is longer than it', changed(2, 0xff), 'a lossy WebP that ends early'],
    [
      'with more rows than it has data for',
      webp(chunk('VP8 ', lossy.with(9, 2))),
      'a lossy WebP that ends early',
    ],
  ])('is no picture %s', (_what, bytes, message) => {
    refused(bytes, message)
  })
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
    ['no settings', of(frame()), 'a WebP animation without its settings'],
    ['no frames', of(control), 'an animation without frames'],
    [
      'an image beside them',
      of(control, frame(), chunk('VP8 ', lossy)),
      'a WebP animation with an image beside its frames',
    ],
    ['a frame outside', of(control, frame({ left: 1 })), 'a frame outside of its picture'],
    [
      'a frame of another size',
      of(control, frame({ width: 23 })),
      'a WebP whose image has another size',
    ],
    ['an empty frame', of(control, frame({ chunks: [] })), 'a malformed WebP frame'],
    ['a short frame', of(control, chunk('ANMF', [0, 0])), 'a malformed WebP frame'],
  ])('is refused with %s', (_what, bytes, message) => {
    refused(bytes, message)
  })

  it('takes no more than one picture of the largest size', () => {
    const many = (count: number) =>
      webp(extended(0x02, 1024, 256), control, ...Array.from({ length: count }, () => frame()))
    expect(bareWebp(many(4))).toEqual(many(4))
    refused(many(5), 'an animation of too many pixels')
  })
})
