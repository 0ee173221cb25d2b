import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  end,
  exif,
  frame,
  jpeg,
  orientation,
  plain,
  scan,
  segment,
  tables,
  turned,
} from '../../../testing/jpeg-parts.ts'
import { bareJpeg } from './bare-jpeg.ts'

const bareOf = (...parts: readonly (readonly number[])[]): Uint8Array => bareJpeg(jpeg(...parts))

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
