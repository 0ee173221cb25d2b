import { describe, expect, it } from 'vitest'
import { testPictures } from '../../../testing/index.ts'
import { bareJpeg } from './bare-jpeg.ts'

const bytesOf = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const segment = (code: number, body: readonly number[]): number[] => [
  ...[0xff, code, (body.length + 2) >> 8, (body.length + 2) & 0xff],
  ...body,
]
const start = [0xff, 0xd8]
const end = [0xff, 0xd9]
const ones = (count: number): number[] => Array.from({ length: count }, () => 1)
const quantization = segment(0xdb, [0, ...ones(64)])
/** A code of one bit, 0, for this symbol. */
const code = (kindAndNumber: number, symbol = 0): number[] =>
  segment(0xc4, [kindAndNumber, 1, ...Array.from({ length: 15 }, () => 0), symbol])
const tables = [...quantization, ...code(0x00), ...code(0x10)]
const frame = ({ width = 8, height = 8, kind = 0xc0, precision = 8, factors = 0x11 } = {}) =>
  segment(kind, [precision, height >> 8, height & 255, width >> 8, width & 255, 1, 7, factors, 0])
const scanHeader = (...spectrum: [number, number, number] | []): number[] =>
  segment(0xda, [1, 7, 0, ...(spectrum.length === 0 ? [0, 63, 0] : spectrum)])
/** Two bits for each block: no difference, and the end of the block; then ones. */
const blocks = (count: number): number[] => [
  ...Array.from({ length: Math.floor(count / 4) }, () => 0),
  ...(count % 4 === 0 ? [] : [0xff >> (2 * (count % 4))]),
]
const scan = [...scanHeader(), ...blocks(1)]
const jpeg = (...parts: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([...start, ...parts.flat()])
const plain = jpeg(tables, frame(), scan, end)
const bareOf = (...parts: readonly (readonly number[])[]): Uint8Array => bareJpeg(jpeg(...parts))

/** An Exif segment whose directory has these entries, [tag, value], in the byte order `MM` or `II`. */
function exif(entries: readonly [number, number][], order: 'MM' | 'II' = 'MM'): number[] {
  const short = (value: number) =>
    order === 'II' ? [value & 255, value >> 8] : [value >> 8, value & 255]
  const long = (value: number) => (order === 'II' ? [value, 0, 0, 0] : [0, 0, 0, value])
  const header = [...bytesOf(order), ...short(42), ...long(8), ...short(entries.length)]
  const directory = entries.flatMap(([tag, value]) => [
    ...short(tag),
    ...short(3),
    ...long(1),
    ...short(value),
    ...[0, 0],
  ])
  return segment(0xe1, [...bytesOf('Exif\0\0'), ...header, ...directory])
}
const orientation = 0x0112
/** What is kept of a picture with this orientation. */
const turned = (turn: number): number[] => [
  ...[0xff, 0xe1, 0, 34],
  ...bytesOf('Exif\0\0'),
  ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
  ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0],
]

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
    ['does not begin with a marker', [0, 0xc0, 0, 2]],
    ['is shorter than its own length', [0xff, 0xdb, 0, 1]],
    ['is longer than the file', [0xff, 0xdb, 0, 5, 1, 2]],
    ['is much longer than the file', [0xff, 0xdb, 1, 0, 1, 2]],
    ['is of an unknown kind', segment(0xf0, [1])],
    ['is an arithmetic code of an unknown kind', segment(0xcc, [0x20, 1])],
    ['is an arithmetic code that is cut off', segment(0xcc, [0x10, 5, 0])],
    ['is an arithmetic code with impossible limits', segment(0xcc, [0, 0x01])],
    ['sets the height later', segment(0xdc, [0, 8])],
    ['is a restart marker', [0xff, 0xd0]],
    ['is a second frame', frame()],
    ['is a quantization that is cut off', segment(0xdb, [0, ...ones(63)])],
    ['is a quantization of an unknown number', segment(0xdb, [4, ...ones(64)])],
    ['is a Huffman table that is cut off', code(0).with(3, 18).slice(0, -1)],
    ['is a Huffman table of an unknown number', code(4)],
    ['is a Huffman table with an unknown size of a difference', code(0, 16)],
    ['is a Huffman table with three codes of one bit', segment(0xc4, [0, 3, ...ones(15), 0, 0, 0])],
    ['is an interval that is cut off', segment(0xdd, [0])],
  ])('are malformed where one %s', (_, malformed) => {
    expect(() => bareOf(tables, frame(), malformed, scan, end)).toThrow('a')
  })

  it('may end with the file, after all pixels', () => {
    expect(bareOf(tables, frame(), scan)).toEqual(plain)
    for (const parts of [
      [],
      [tables],
      [tables, frame(), [0xff]],
      [tables, frame()],
      [tables, scan],
    ])
      expect(() => bareOf(...parts)).toThrow('a')
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
    ['lossless', frame({ kind: 0xc3 })],
    ['hierarchical', frame({ kind: 0xc5 })],
    ['lossless and arithmetic', frame({ kind: 0xcb })],
    ['of 12 bits', frame({ precision: 12 })],
    ['without sampling', frame({ factors: 0x10 })],
    ['of too fine sampling', frame({ factors: 0x51 })],
    ['of two colours', segment(0xc0, [8, 0, 8, 0, 8, 2, 7, 0x11, 0, 8, 0x11, 0])],
    [
      'with a colour twice',
      segment(0xc0, [8, 0, 8, 0, 8, 3, ...[7, 7, 7].flatMap((id) => [id, 0x11, 0])]),
    ],
    ['of an unknown quantization', segment(0xc0, [8, 0, 8, 0, 8, 1, 7, 0x11, 4])],
    ['with bytes behind it', segment(0xc0, [8, 0, 8, 0, 8, 1, 7, 0x11, 0, 0])],
    ['without pixels', frame({ width: 0 })],
    ['without a height', frame({ height: 0 })],
    ['wider than 1,024', frame({ width: 1025 })],
    ['higher than 1,024', frame({ height: 65_535 })],
  ])('may not be %s', (_, header) => {
    expect(() => bareOf(tables, header, scanHeader(), blocks(60_000), end)).toThrow('a')
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

describe('the scans of a JPEG', () => {
  const refusedScan = (...parts: readonly (readonly number[])[]) =>
    expect(() => bareOf(tables, frame(), ...parts, end)).toThrow('a')

  it('need their tables', () => {
    for (const missing of [
      [code(0x00), code(0x10)],
      [quantization, code(0x10)],
      [quantization, code(0x00)],
    ])
      expect(() => bareOf(...missing, frame(), scan, end)).toThrow('JPEG')
  })

  it.each([
    ['of an unknown colour', segment(0xda, [1, 8, 0, 0, 63, 0])],
    ['of no colour', segment(0xda, [0, 0, 63, 0])],
    ['of part of the coefficients', scanHeader(0, 62, 0)],
    ['with bytes behind its header', segment(0xda, [1, 7, 0, 0, 63, 0, 0])],
  ])('may not be one %s', (_, header) => refusedScan(header, blocks(1)))

  it('may not be two of one colour', () => refusedScan(scan, scan))

  it('of an unknown code are refused', () => refusedScan(scanHeader(), [0x7f, 0xff, 0]))

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

describe('the orientation of a JPEG', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('%i is all that stays of Exif, in either byte order', (turn) => {
    for (const order of ['MM', 'II'] as const) {
      const other: [number, number][] = [[0x010f, 1]]
      const metadata = exif([...other, [orientation, turn], [0x8825, 1]], order)
      expect(bareOf(metadata, tables, frame(), scan, end)).toEqual(
        jpeg(turned(turn), tables, frame(), scan, end),
      )
    }
  })

  it.each([0, 1, 9, 0x0206])('%i is dropped with the rest of Exif', (turn) => {
    expect(bareOf(exif([[orientation, turn]]), tables, frame(), scan, end)).toEqual(plain)
  })

  it.each([
    ['another tag', exif([[0x010f, 6]])],
    ['no entry', exif([])],
    [
      'another name',
      segment(0xe1, [...bytesOf('Exig\0\0'), ...exif([[orientation, 6]]).slice(10)]),
    ],
    ['a header that is cut off', exif([]).slice(0, 4).concat(bytesOf('Exif\0\0MM'))],
  ])('is unknown, and nothing stays, where Exif has %s', (_, metadata) => {
    const sized = [0xff, 0xe1, 0, metadata.length - 2, ...metadata.slice(4)]
    expect(bareOf(sized, tables, frame(), scan, end)).toEqual(plain)
  })

  it('is unknown where the directory lies beyond the segment, or an entry is cut off', () => {
    const body = exif([[orientation, 6]]).slice(4)
    for (const part of [body.with(13, 200), body.slice(0, -1), body.slice(0, 4), body.slice(0, 19)])
      expect(bareOf(segment(0xe1, part), tables, frame(), scan, end)).toEqual(plain)
  })
})
