import { describe, expect, it } from 'vitest'
import { testPictures } from '../../../testing/index.ts'
import {
  blocks,
  bytesOf,
  code,
  end,
  frame,
  jpeg,
  quantization,
  scan,
  scanHeader,
  segment,
  tables,
} from '../../../testing/jpeg-parts.ts'
import { bareJpeg } from './bare-jpeg.ts'

const bareOf = (...parts: readonly (readonly number[])[]): Uint8Array => bareJpeg(jpeg(...parts))

describe('the scans of a JPEG', () => {
  const refusedScan = (message: string, ...parts: readonly (readonly number[])[]) =>
    expect(() => bareOf(tables, frame(), ...parts, end)).toThrow(message)

  it('need their tables', () => {
    for (const [missing, message] of [
      [[code(0x00), code(0x10)], 'a JPEG without its quantization'],
      [[quantization, code(0x10)], 'a JPEG scan without its Huffman code'],
      [[quantization, code(0x00)], 'a JPEG scan without its Huffman code'],
    ] as const)
      expect(() => bareOf(...missing, frame(), scan, end)).toThrow(message)
  })

  it.each([
    [
      'of an unknown colour',
      segment(0xda, [1, 8, 0, 0, 63, 0]),
      'a JPEG scan of an unknown colour',
    ],
    ['of no colour', segment(0xda, [0, 0, 63, 0]), 'a malformed JPEG scan'],
    ['of part of the coefficients', scanHeader(0, 62, 0), 'a malformed JPEG scan'],
    [
      'with bytes behind its header',
      segment(0xda, [1, 7, 0, 0, 63, 0, 0]),
      'a malformed JPEG scan',
    ],
  ])('may not be one %s', (_, header, message) => refusedScan(message, header, blocks(1)))

  it('may not be two of one colour', () =>
    refusedScan('a JPEG whose scans are out of order', scan, scan))

  it('of an unknown code are refused', () =>
    refusedScan('a JPEG with an unknown Huffman code', scanHeader(), [0x7f, 0xff, 0, 0xff, 0]))

  it('may not skip more coefficients than a block has', () => {
    const skipping = [...quantization, ...code(0x00), ...code(0x10, 0xf1)]
    const bytes = [skipping, frame(), scanHeader(), [0, 0, 0], end]
    expect(() => bareOf(...bytes)).toThrow('a JPEG block of more than 64 coefficients')
  })

  const dc = [...scanHeader(0, 0, 1), 0x7f]
  const refineDc = [...scanHeader(0, 0, 0x10), 0x7f]
  const band = [...scanHeader(1, 63, 1), 0x7f]
  const refineBand = [...scanHeader(1, 63, 0x10), 0x7f]
  const progressive = (...scans: number[][]): Uint8Array =>
    jpeg(tables, frame({ kind: 0xc2 }), ...scans, end)

  it('of a progressive picture come in order', () => {
    for (const scans of [[dc], [dc, refineDc], [dc, band, refineBand, refineDc]])
      expect(bareJpeg(progressive(...scans))).toEqual(progressive(...scans))
    for (const scans of [[], [band], [refineDc], [dc, dc], [dc, refineBand], [dc, band, band]])
      expect(() => bareJpeg(progressive(...scans))).toThrow('JPEG')
    for (const [first, last, bits] of [
      [0, 1, 0],
      [1, 64, 0],
      [2, 1, 0],
      [1, 63, 14],
      [0, 0, 0x31],
    ] as const) {
      const wrong = [...scanHeader(first, last, bits), 0x7f]
      expect(() => bareJpeg(progressive(dc, wrong))).toThrow('JPEG')
    }
  })

  it('of a progressive picture may not be cut off with its end marker', () => {
    const whole = [dc, band, refineBand, refineDc]
    expect(bareOf(tables, frame({ kind: 0xc2 }), ...whole)).toEqual(progressive(...whole))
    expect(() => bareOf(tables, frame({ kind: 0xc2 }), ...whole.slice(0, 3))).toThrow('JPEG')
  })

  it('of a progressive picture are 64 at most', () => {
    const single = (place: number) => [...scanHeader(place, place, 0), 0x7f]
    const scans = (count: number) => [
      dc,
      ...Array.from({ length: count }, (_, at) => single(at + 1)),
    ]
    expect(bareJpeg(progressive(...scans(63)))).toEqual(progressive(...scans(63)))
    expect(() => bareJpeg(progressive(...scans(63), refineDc))).toThrow('a JPEG of too many scans')
  })

  it('may end a band for many blocks at once, but for no more than there are', () => {
    // Symbol 0x10: the band is empty in 2 blocks, or 3 by the next bit.
    const ending = [...quantization, ...code(0x00), ...code(0x10, 0x10)]
    const dcOfThree = [...scanHeader(0, 0, 1), 0x1f]
    const of = (width: number, bits: number) =>
      jpeg(ending, frame({ kind: 0xc2, width }), dcOfThree, scanHeader(1, 63, 0), [bits], end)
    expect(bareJpeg(of(16, 0x3f))).toEqual(of(16, 0x3f))
    expect(bareJpeg(of(24, 0x7f))).toEqual(of(24, 0x7f))
    expect(() => bareJpeg(of(8, 0x3f))).toThrow('a JPEG with more blocks than it has')
  })

  it('are what an encoder made, with comments between them, which are removed', () => {
    const { progressive: bytes } = testPictures
    const at = bytes.findLastIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xda)
    const comment = segment(0xfe, bytesOf('where'))
    const commented = Uint8Array.of(...bytes.slice(0, at), ...comment, ...bytes.slice(at))
    expect(bareJpeg(commented)).toEqual(bytes)
  })
})
