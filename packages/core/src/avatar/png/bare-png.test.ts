import { describe, expect, it } from 'vitest'
import {
  inflateStored,
  pngChunk,
  pngSignature,
  storedStream,
  testPng,
} from '../../../testing/index.ts'
import { barePng } from './bare-png.ts'

const bare = (bytes: Uint8Array) => barePng(bytes, inflateStored)
const refused = (bytes: Uint8Array) => expect(bare(bytes)).rejects
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)
const textBytes = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const header = (width: number, height: number, format = [8, 0, 0, 0, 0]): number[] =>
  pngChunk('IHDR', [0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255, ...format])
const pixels = (rows: readonly number[]): number[] => pngChunk('IDAT', storedStream(rows))
const end = pngChunk('IEND', [])
const png = (...chunks: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([...pngSignature, ...chunks.flat()])

describe('the chunks of a PNG', () => {
  it('without which it is drawn the same are removed, known and unknown', async () => {
    const names = ['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME', 'caBX', 'prVt', 'sPLT', 'hIST']
    const extras = names.flatMap((name) => pngChunk(name, textBytes('where')))
    expect(await bare(testPng({ before: extras, after: extras }))).toEqual(testPng())
  })

  it('on which colours and proportions depend stay', async () => {
    const names = ['cHRM', 'gAMA', 'sBIT', 'sRGB', 'cICP', 'bKGD', 'pHYs']
    const before = names.flatMap((name) => pngChunk(name, [1]))
    expect(await bare(testPng({ before }))).toEqual(testPng({ before }))
  })

  it.each([
    ['an unknown critical one', pngChunk('ABCD', []), 'a critical PNG chunk that is unknown'],
    ['a second header', header(3, 2), 'a PNG with two headers'],
    ['a wrong check sum', pngChunk('gAMA', [1]).with(-1, 0), 'a PNG chunk with a wrong check sum'],
    ['a palette, for grey', pngChunk('PLTE', [1, 2, 3]), 'a palette in a grey PNG'],
    ['a malformed transparency', pngChunk('tRNS', [1]), 'a malformed transparency'],
    [
      'a length beyond the file',
      [0xff, 0xff, 0xff, 0xff, ...textBytes('tEXt'), 0, 0, 0, 0],
      'a PNG chunk that is longer than the file',
    ],
  ])('are malformed where they hold %s', async (_what, before, message) => {
    await refused(testPng({ before })).toThrow(message)
  })

  it.each([
    ['there are no pixels', png(header(3, 2), end), 'a PNG without pixels'],
    ['there is no end', png(header(3, 2), pixels(zeros(8))), 'a PNG without an end'],
    [
      'the end holds something',
      png(header(3, 2), pixels(zeros(8)), pngChunk('IEND', [1])),
      'a PNG whose end holds something',
    ],
    [
      'the header is not first',
      png(pngChunk('gAMA', [1]), header(3, 2), pixels(zeros(8)), end),
      'a PNG without a header',
    ],
    [
      'the header is short',
      png(pngChunk('IHDR', [0, 0, 0, 1]), pixels(zeros(8)), end),
      'a PNG without a header',
    ],
    [
      'something stands between the pixels',
      png(header(3, 2), pixels(zeros(8)), pngChunk('gAMA', []), pngChunk('IDAT', []), end),
      'a PNG whose pixels are not in one place',
    ],
  ])('are malformed where %s', async (_what, bytes, message) => {
    await refused(bytes).toThrow(message)
  })

  it('may hold a colour profile, which is removed where it is none or unpacks to megabytes', async () => {
    const profile = [0, 0, 0, 200, ...zeros(196)]
    const chunkOf = (content: number[]) =>
      pngChunk('iCCP', [...textBytes('name'), 0, 0, ...storedStream(content)])
    const good = testPng({ before: chunkOf(profile) })
    expect(await bare(good)).toEqual(good)
    const bomb = [0, 16, 0, 1, ...zeros(1024 * 1024 - 3)]
    for (const content of [bomb, profile.with(3, 201), [0, 0, 0, 4]])
      expect(await bare(testPng({ before: chunkOf(content) }))).toEqual(testPng())
    const unnamed = pngChunk('iCCP', [0, 0, ...storedStream(profile)])
    expect(await bare(testPng({ before: unnamed }))).toEqual(testPng())
  })
})

describe('the pixels of a PNG', () => {
  it.each([
    [1, 1],
    [1024, 1],
    [1, 1024],
  ])('may be %i × %i', async (width, height) => {
    const bytes = testPng({ width, height })
    expect(await bare(bytes)).toEqual(bytes)
  })

  it.each([
    [0, 1],
    [1, 0],
    [1025, 1],
    [1, 1025],
    [65_535, 65_535],
  ])('may not be %i × %i', async (width, height) => {
    await refused(png(header(width, height), pixels(zeros(8)), end)).toThrow('a picture')
  })

  it.each([
    ['one bit of grey', 9, 3, [1, 0, 0, 0, 0], 3 * 3],
    ['16 bits of grey', 2, 2, [16, 0, 0, 0, 0], 2 * 5],
    ['colours', 2, 2, [8, 2, 0, 0, 0], 2 * 7],
    ['grey and transparency', 2, 2, [8, 4, 0, 0, 0], 2 * 5],
    ['colours of 16 bits and transparency', 2, 2, [16, 6, 0, 0, 0], 2 * 17],
    ['seven passes', 5, 5, [8, 0, 0, 0, 1], 2 + 2 + 3 + 4 + 4 + 9 + 12],
    ['a single pixel in one of seven passes', 1, 1, [8, 6, 0, 0, 1], 5],
  ])('of %s are exactly their rows', async (_what, width, height, format, length) => {
    const bytes = (count: number) => testPng({ width, height, format, rows: zeros(count) })
    expect(await bare(bytes(length))).toEqual(bytes(length))
    for (const wrong of [length - 1, length + 1, 0])
      await refused(bytes(wrong)).toThrow('a PNG with more, fewer or damaged pixels')
  })

  it.each([
    ['3 bits', [3, 0, 0, 0, 0], 'a PNG with unknown colours'],
    ['colours of 4 bits', [4, 2, 0, 0, 0], 'a PNG with unknown colours'],
    ['type 1', [8, 1, 0, 0, 0], 'a PNG with unknown colours'],
    ['type 7', [8, 7, 0, 0, 0], 'a PNG with unknown colours'],
    ['another compression', [8, 0, 1, 0, 0], 'a PNG with an unknown compression'],
    ['another filter method', [8, 0, 0, 1, 0], 'a PNG with an unknown compression'],
    ['another interlace', [8, 0, 0, 0, 2], 'a PNG with an unknown interlace'],
  ])('may not have %s', async (_what, format, message) => {
    await refused(testPng({ format })).toThrow(message)
  })

  it('have one of five filters in each row', async () => {
    const rows = (filter: number) => testPng({ rows: [0, 0, 0, 0, filter, 0, 0, 0] })
    expect(await bare(rows(4))).toEqual(rows(4))
    await refused(rows(5)).toThrow('a PNG with an unknown filter')
  })

  it('may have a palette that fits, and need one where they are numbers of colours', async () => {
    const format = [2, 3, 0, 0, 0]
    const of = (...before: number[][]) => testPng({ format, rows: zeros(4), before: before.flat() })
    const palette = (count: number) => pngChunk('PLTE', zeros(count))
    const good = of(palette(12), pngChunk('tRNS', zeros(4)))
    expect(await bare(good)).toEqual(good)
    const transparency = pngChunk('tRNS', zeros(5))
    for (const [bad, message] of [
      [of(), 'a PNG without its palette'],
      [of(palette(0)), 'a malformed palette'],
      [of(palette(11)), 'a malformed palette'],
      [of(palette(15)), 'a malformed palette'],
      [of(palette(12), palette(12)), 'a PNG with a misplaced palette'],
      [of(palette(12), transparency), 'more transparencies than colours'],
      [of(palette(12), pngChunk('tRNS', [])), 'more transparencies than colours'],
      [of(pngChunk('tRNS', zeros(1)), palette(12)), 'a PNG with a misplaced palette'],
    ] as const)
      await refused(bad).toThrow(message)
    const late = testPng({ format, rows: zeros(4), after: palette(12) })
    await refused(late).toThrow('a PNG with a misplaced palette')
  })

  it('may be in several chunks', async () => {
    const stream = storedStream(zeros(8))
    const parts = [stream.slice(0, 3), [], stream.slice(3)].map((part) => pngChunk('IDAT', part))
    const bytes = png(header(3, 2), ...parts, end)
    expect(await bare(bytes)).toEqual(bytes)
  })
})

describe('an animated PNG', () => {
  const control = (frames: number) => pngChunk('acTL', [0, 0, 0, frames, 0, 0, 0, 0])
  const frame = (number: number, width = 3, height = 2, left = 0, blend = 0) =>
    pngChunk('fcTL', [
      ...[0, 0, 0, number, 0, 0, 0, width, 0, 0, 0, height, 0, 0, 0, left, 0, 0, 0, 0],
      ...[0, 1, 0, 10, 0, blend],
    ])
  const data = (number: number, count = 8) =>
    pngChunk('fdAT', [0, 0, 0, number, ...storedStream(zeros(count))])
  const image = pixels(zeros(8))

  it.each([
    ['a default image as first frame', [control(2), frame(0), image, frame(1), data(2)]],
    ['a default image beside its frames', [control(1), image, frame(0), data(1)]],
    ['a smaller frame', [control(2), frame(0), image, frame(1, 2, 1, 1), data(2, 3)]],
  ])('with %s is unchanged', async (_what, chunks) => {
    const bytes = png(header(3, 2), ...chunks, end)
    expect(await bare(bytes)).toEqual(bytes)
  })

  it('without its declaration is a still picture', async () => {
    const bytes = png(header(3, 2), frame(0), image, frame(1), data(2), end)
    expect(await bare(bytes)).toEqual(png(header(3, 2), image, end))
  })

  it.each([
    [
      'more frames than declared',
      [control(1), frame(0), image, frame(1), data(2)],
      'more or fewer frames than declared',
    ],
    [
      'fewer frames than declared',
      [control(3), frame(0), image, frame(1), data(2)],
      'more or fewer frames than declared',
    ],
    ['no frames', [control(0), image], 'more or fewer frames than declared'],
    [
      'a frame that is missing a number',
      [control(2), frame(0), image, frame(2), data(3)],
      'frames out of order',
    ],
    [
      'a frame outside',
      [control(2), frame(0), image, frame(1, 3, 2, 1), data(2)],
      'a frame outside of its picture',
    ],
    [
      'an empty frame',
      [control(2), frame(0), image, frame(1, 0), data(2)],
      'a frame outside of its picture',
    ],
    ['a frame without pixels', [control(2), frame(0), image, frame(1)], 'a frame without pixels'],
    [
      'a frame of too many pixels',
      [control(2), frame(0), image, frame(1), data(2, 9)],
      'a PNG with more, fewer or damaged pixels',
    ],
    [
      'a frame with an unknown blending',
      [control(2), frame(0), image, frame(1, 3, 2, 0, 2), data(2)],
      'a frame with an unknown blending',
    ],
    [
      'a smaller default image',
      [control(2), frame(0, 2), image, frame(1), data(2)],
      'a default image that is smaller than its picture',
    ],
    [
      'two frames before its default image',
      [control(2), frame(0), frame(1, 3, 2), image, data(2)],
      'two frames before the default image',
    ],
    [
      'pixels beside its default image',
      [control(1), frame(0), image, data(1)],
      'two frames in one',
    ],
    ['pixels before its frame', [control(1), data(0), image, frame(1)], 'a frame without a size'],
    ['a late declaration', [image, control(1), frame(0), data(1)], 'an animation declared late'],
    [
      'two declarations',
      [control(1), control(1), image, frame(0), data(1)],
      'an animation declared late',
    ],
    [
      'a short declaration',
      [pngChunk('acTL', [0, 0, 0, 1]), image, frame(0), data(1)],
      'a malformed animation',
    ],
    [
      'a short frame',
      [control(1), image, pngChunk('fcTL', [0, 0, 0, 0]), data(1)],
      'a malformed frame',
    ],
  ])('with %s is refused', async (_what, chunks, message) => {
    await refused(png(header(3, 2), ...chunks, end)).toThrow(message)
  })

  it('takes no more than one picture of the largest size', async () => {
    const [width, height] = [1024, 256]
    const rows = zeros(height * (1 + width / 8))
    const format = [1, 0, 0, 0, 0]
    const size = [0, 0, 4, 0, 0, 0, 1, 0]
    const frames = (count: number) =>
      Array.from({ length: count }, (_, index) => [
        pngChunk('fcTL', [0, 0, 0, 2 * index, ...size, ...zeros(14)]),
        pngChunk('fdAT', [0, 0, 0, 2 * index + 1, ...storedStream(rows)]),
      ]).flat()
    const of = (count: number) =>
      png(header(width, height, format), control(count), pixels(rows), ...frames(count), end)
    expect(await bare(of(3))).toEqual(of(3))
    await refused(of(4)).toThrow('an animation of too many pixels')
  })
})
