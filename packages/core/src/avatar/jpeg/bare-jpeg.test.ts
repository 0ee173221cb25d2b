import { describe, expect, it } from 'vitest'
import {
  blocks,
  bytesOf,
  code,
  end,
  frame,
  jpeg,
  ones,
  plain,
  quantization,
  scan,
  scanHeader,
  segment,
  tables,
} from '../../../testing/jpeg-parts.ts'
import { bareJpeg } from './bare-jpeg.ts'

const bareOf = (...parts: readonly (readonly number[])[]): Uint8Array => bareJpeg(jpeg(...parts))

describe('the segments of a JPEG', () => {
  it('of applications and comments are removed, but for JFIF, the colour profile and Adobe', () => {
    const jfif = [...bytesOf('JFIF\0'), 1, 2, 0, 0, 1, 0, 1]
    const kept = [
      segment(0xe0, [...jfif, 0, 0]),
      // Its length takes both bytes.
      segment(0xe2, [...bytesOf('ICC_PROFILE\0'), ...ones(300)]),
      segment(0xee, [...bytesOf('Adobe'), 0, 100, 0, 0, 0, 0, 1]),
    ]
    const removed = [0xe1, 0xe3, 0xeb, 0xed, 0xef, 0xfe].map((each) =>
      segment(each, bytesOf('where')),
    )
    const others = [
      segment(0xe0, bytesOf('JFXX\0\x10a preview')),
      segment(0xe2, bytesOf('MPF\0an image')),
      segment(0xe2, bytesOf('ICC_PROFILx\0')),
      segment(0xee, bytesOf('Another')),
      segment(0xee, [...bytesOf('Adobe'), 0, 100, 0, 0, 0, 0, 3]),
    ]
    expect(bareOf(...kept, ...removed, ...others, tables, frame(), scan, end)).toEqual(
      jpeg(...kept, tables, frame(), scan, end),
    )
    const preview = segment(0xe0, [...jfif, 1, 1, 9, 9, 9])
    const trailing = segment(0xee, [...bytesOf('Adobe'), 0, 100, 0, 0, 0, 0, 1, ...ones(9)])
    expect(bareOf(preview, trailing, tables, frame(), scan, end)).toEqual(
      jpeg(segment(0xe0, [...jfif, 0, 0]), kept[2] ?? [], tables, frame(), scan, end),
    )
  })

  it('may have fill bytes before their marker, which are removed', () => {
    expect(bareOf(tables, [0xff, 0xff], frame(), [0xff], scan, end)).toEqual(plain)
  })

  it.each([
    ['does not begin with a marker', [0, 0xc0, 0, 2], 'a JPEG with bytes between its segments'],
    [
      'is shorter than its own length',
      [0xff, 0xdb, 0, 1],
      'a JPEG segment that is longer than the file',
    ],
    ['is shorter than its table', [0xff, 0xdb, 0, 5, 1, 2], 'a malformed JPEG quantization'],
    [
      'is much longer than the file',
      [0xff, 0xdb, 1, 0, 1, 2],
      'a JPEG segment that is longer than the file',
    ],
    ['is of an unknown kind', segment(0xf0, [1]), 'a JPEG of an unknown kind'],
    [
      'is an arithmetic code of an unknown kind',
      segment(0xcc, [0x20, 1]),
      'a malformed JPEG arithmetic code',
    ],
    [
      'is an arithmetic code that is cut off',
      segment(0xcc, [0x10, 5, 0]),
      'a malformed JPEG arithmetic code',
    ],
    [
      'is an arithmetic code with impossible limits',
      segment(0xcc, [0, 0x01]),
      'a malformed JPEG arithmetic code',
    ],
    ['sets the height later', segment(0xdc, [0, 8]), 'a JPEG of an unknown kind'],
    ['is a restart marker', [0xff, 0xd0], 'a JPEG segment that is longer than the file'],
    ['is a second frame', frame(), 'a JPEG with two frames'],
    [
      'is a quantization that is cut off',
      segment(0xdb, [0, ...ones(63)]),
      'a malformed JPEG quantization',
    ],
    [
      'is a quantization of an unknown number',
      segment(0xdb, [4, ...ones(64)]),
      'a malformed JPEG quantization',
    ],
    [
      'is a Huffman table that is cut off',
      code(0).with(3, 18).slice(0, -1),
      'a malformed JPEG Huffman table',
    ],
    ['is a Huffman table of an unknown number', code(4), 'a malformed JPEG Huffman table'],
    [
      'is a Huffman table with an unknown size of a difference',
      code(0, 16),
      'a malformed JPEG Huffman table',
    ],
    [
      'is a Huffman table with three codes of one bit',
      segment(0xc4, [0, 3, ...ones(15), 0, 0, 0]),
      'a malformed JPEG Huffman table',
    ],
    ['is an interval that is cut off', segment(0xdd, [0]), 'a malformed JPEG interval'],
  ])('are malformed where one %s', (_, malformed, message) => {
    expect(() => bareOf(tables, frame(), malformed, scan, end)).toThrow(message)
  })

  it('may end with the file, after all pixels', () => {
    expect(bareOf(tables, frame(), scan)).toEqual(plain)
    for (const [message, ...parts] of [
      ['a JPEG without all of its scans'],
      ['a JPEG without all of its scans', tables],
      ['a JPEG with bytes between its segments', tables, frame(), [0xff]],
      ['a JPEG without all of its scans', tables, frame()],
      ['a JPEG scan without a frame', tables, scan],
    ] as [string, ...number[][]][])
      expect(() => bareOf(...parts)).toThrow(message)
  })
})

describe('the frame of a JPEG', () => {
  it.each([
    ['baseline', frame()],
    ['extended', frame({ kind: 0xc1 })],
  ])('may be %s', (_, header) => {
    const bytes = jpeg(tables, header, scan, end)
    expect(bareJpeg(bytes)).toEqual(bytes)
  })

  it.each([
    ['lossless', frame({ kind: 0xc3 }), 'a JPEG of an unknown kind'],
    ['hierarchical', frame({ kind: 0xc5 }), 'a JPEG of an unknown kind'],
    ['lossless and arithmetic', frame({ kind: 0xcb }), 'a JPEG of an unknown kind'],
    ['of 12 bits', frame({ precision: 12 }), 'a JPEG with unknown colours'],
    ['without sampling', frame({ factors: 0x10 }), 'a JPEG with unknown sampling'],
    ['of too fine sampling', frame({ factors: 0x51 }), 'a JPEG with unknown sampling'],
    [
      'of two colours',
      segment(0xc0, [8, 0, 8, 0, 8, 2, 7, 0x11, 0, 8, 0x11, 0]),
      'a JPEG with unknown colours',
    ],
    [
      'with a colour twice',
      segment(0xc0, [8, 0, 8, 0, 8, 3, ...[7, 7, 7].flatMap((id) => [id, 0x11, 0])]),
      'a JPEG with a colour twice',
    ],
    [
      'of an unknown quantization',
      segment(0xc0, [8, 0, 8, 0, 8, 1, 7, 0x11, 4]),
      'a JPEG with an unknown quantization',
    ],
    [
      'with bytes behind it',
      segment(0xc0, [8, 0, 8, 0, 8, 1, 7, 0x11, 0, 0]),
      'a malformed JPEG frame',
    ],
    ['without pixels', frame({ width: 0 }), 'a picture without pixels'],
    ['without a height', frame({ height: 0 }), 'a picture without pixels'],
    ['wider than 1,024', frame({ width: 1025 }), 'a picture of more than 1,024 pixels'],
    ['higher than 1,024', frame({ height: 65_535 }), 'a picture of more than 1,024 pixels'],
  ])('may not be %s', (_, header, message) => {
    expect(() => bareOf(tables, header, scanHeader(), blocks(60_000), end)).toThrow(message)
  })

  it.each([
    ['sequential', 0xc9, [[0, 63, 0]]],
    [
      'progressive',
      0xca,
      [
        [0, 0, 1],
        [1, 63, 0],
        [0, 0, 0x10],
      ],
    ],
  ] as const)(
    'may be %s with arithmetic codes, of which nothing is known to be missing',
    (_, kind, spectra) => {
      const conditions = segment(0xcc, [0x10, 5, 0x00, 0x10])
      const scans = spectra.map((spectrum) => [...scanHeader(...spectrum), 0xd2, 0xcf, 0x20])
      const parts = [quantization, frame({ kind }), conditions, ...scans]
      expect(bareOf(...parts, end)).toEqual(jpeg(...parts, end))
      expect(() => bareOf(...parts)).toThrow('a JPEG without all of its scans')
      expect(() => bareOf(...parts.slice(0, 3), end)).toThrow('a JPEG without all of its pixels')
    },
  )

  it('has all its blocks, and bytes behind them are removed', () => {
    const of = (count: number, ...rest: number[][]) =>
      jpeg(tables, frame({ width: 1024, height: 17 }), scanHeader(), blocks(count), ...rest, end)
    expect(bareJpeg(of(128 * 3))).toEqual(of(128 * 3))
    expect(bareJpeg(of(128 * 3, bytesOf('<script>'), [0xff, 0, 7]))).toEqual(of(128 * 3))
    expect(bareJpeg(of(128 * 3, [0xff, 0xd0]))).toEqual(of(128 * 3))
    expect(() => bareJpeg(of(128 * 3 - 4))).toThrow('a JPEG whose scan ends early')
  })

  it('has a restart marker in every interval, in their order', () => {
    const interval = segment(0xdd, [0, 1])
    const of = (...markers: number[]) => {
      const restarts = markers.flatMap((marker) => [0xff, marker, ...blocks(1)])
      const header = frame({ width: 8 * 11 })
      return jpeg(tables, interval, header, scanHeader(), blocks(1), restarts, end)
    }
    const markers = [0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd0, 0xd1]
    expect(bareJpeg(of(...markers))).toEqual(of(...markers))
    expect(() => bareJpeg(of(...markers.with(4, 0xd5)))).toThrow(
      'a JPEG without its restart marker',
    )
    expect(() => bareJpeg(of(...markers.slice(1)))).toThrow('a JPEG without its restart marker')
  })
})
