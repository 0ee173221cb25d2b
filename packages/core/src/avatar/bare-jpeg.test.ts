import { describe, expect, it } from 'vitest'
import { bareJpeg } from './bare-jpeg.ts'

const bytesOf = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const segment = (code: number, body: readonly number[]): number[] => [
  ...[0xff, code, (body.length + 2) >> 8, (body.length + 2) & 0xff],
  ...body,
]
const start = [0xff, 0xd8]
const end = [0xff, 0xd9]
const frame = segment(0xc0, [8, 0, 1])
const scan = [...segment(0xda, [1]), 7]

const bare = (...parts: readonly (readonly number[])[]): number[] | null =>
  bareJpeg(Uint8Array.from(parts.flat()))

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
    const kept = [
      segment(0xe0, bytesOf('JFIF')),
      segment(0xe2, bytesOf('ICC_PROFILE\0profile')),
      segment(0xee, bytesOf('Adobe')),
      // Its length takes both bytes.
      segment(
        0xf0,
        Array.from({ length: 300 }, () => 1),
      ),
      segment(0xdf, [1]),
    ]
    const removed = [0xe1, 0xe3, 0xed, 0xef, 0xfe].map((code) => segment(code, bytesOf('where')))
    const other = segment(0xe2, bytesOf('MPF\0an image'))
    const similar = segment(0xe2, bytesOf('ICC_PROFILx\0'))
    expect(bare(start, ...kept, ...removed, other, similar, frame, scan, end)).toEqual(
      [start, ...kept, frame, scan, end].flat(),
    )
  })

  it('may have fill bytes before their marker, which are removed', () => {
    expect(bare(start, [0xff, 0xff], frame, [0xff], scan, end)).toEqual(
      [start, frame, scan, end].flat(),
    )
  })

  it.each([
    ['does not begin with a marker', [...start, 0, 0xc0, 0, 2, ...end]],
    ['has no code', [...start, ...frame, 0xff]],
    ['is shorter than its own length', [...start, 0xff, 0xc0, 0, 1, ...end]],
    ['is longer than the file', [...start, 0xff, 0xc0, 0, 5, 1, 2]],
    ['is much longer than the file', [...start, 0xff, 0xc0, 1, 0, 1, 2]],
  ])('are malformed where one %s', (_, bytes) => {
    expect(bareJpeg(Uint8Array.from(bytes))).toBeNull()
  })

  it('may end with the file', () => {
    expect(bare(start, frame)).toEqual([start, frame, end].flat())
    expect(bare(start, frame, scan)).toEqual([start, frame, scan, end].flat())
  })

  it('go on after a scan, in which escaped bytes and all eight restart markers stay', () => {
    const restarts = [0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7]
    const data = [1, 0xff, 0, ...restarts.flatMap((code) => [0xff, code, 2])]
    const first = [...segment(0xda, [1]), ...data]
    const comment = segment(0xfe, bytesOf('where'))
    expect(bare(start, first, comment, scan, end, bytesOf('behind'))).toEqual(
      [start, first, scan, end].flat(),
    )
  })
})

describe('the orientation of a JPEG', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('%i is all that stays of Exif, in either byte order', (turn) => {
    for (const order of ['MM', 'II'] as const) {
      const other: [number, number][] = [[0x010f, 1]]
      const metadata = exif([...other, [orientation, turn], [0x8825, 1]], order)
      expect(bare(start, metadata, frame, scan, end)).toEqual(
        [start, turned(turn), frame, scan, end].flat(),
      )
    }
  })

  it.each([0, 1, 9, 0x0206])('%i is dropped with the rest of Exif', (turn) => {
    expect(bare(start, exif([[orientation, turn]]), frame, end)).toEqual([start, frame, end].flat())
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
    expect(bare(start, sized, frame, end)).toEqual([start, frame, end].flat())
  })

  it('is unknown where the directory lies beyond the segment, or an entry is cut off', () => {
    const whole = exif([[orientation, 6]])
    const body = whole.slice(4)
    const beyond = body.with(13, 200)
    const cut = body.slice(0, -1)
    for (const part of [beyond, cut])
      expect(bare(start, segment(0xe1, part), frame, end)).toEqual([start, frame, end].flat())
    expect(bare(start, whole, frame, end)).toEqual([start, turned(6), frame, end].flat())
  })
})
