import { describe, expect, it } from 'vitest'
import { pictureIn } from './picture.ts'

const bytesOf = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const textOf = (bytes: Iterable<number>): string => String.fromCharCode(...bytes)

const segment = (code: number, body: number[]): number[] => [
  0xff,
  code,
  (body.length + 2) >> 8,
  (body.length + 2) & 0xff,
  ...body,
]
const start = [0xff, 0xd8]
const frame = segment(0xc0, [8, 0, 1, 0, 1])
// Two escaped 0xff and a restart marker, as in a real scan.
const scan = [...segment(0xda, [1, 2]), 7, 0xff, 0, 8, 0xff, 0xd0, 9, 0xff, 0]
const end = [0xff, 0xd9]

const chunk = (type: string, body: number[]): number[] => [
  ...[0, 0, 0, body.length],
  ...bytesOf(type),
  ...body,
  ...[0, 0, 0, 0],
]
const signature = bytesOf('\x89PNG\r\n\x1a\n')
const header = chunk('IHDR', [0, 0, 0, 1])
const data = chunk('IDAT', [1, 2, 3])

const riffChunk = (type: string, body: number[]): number[] => [
  ...bytesOf(type),
  ...[body.length, 0, 0, 0],
  ...body,
  ...(body.length % 2 ? [0] : []),
]
const riff = (...chunks: number[][]): number[] => {
  const content = [...bytesOf('WEBP'), ...chunks.flat()]
  return [...bytesOf('RIFF'), content.length, 0, 0, 0, ...content]
}

const bare = (bytes: number[]): number[] | null => {
  const picture = pictureIn(Uint8Array.from(bytes))
  return picture && [...picture.bytes]
}
const bareJpeg = [...start, ...frame, ...scan, ...end]

/** An Exif segment with the camera's name behind a turn, in either byte order. */
const exif = (turn: number, isLittle = false): number[] => {
  const short = (value: number) => (isLittle ? [value, 0] : [0, value])
  const long = (value: number) => (isLittle ? [value, 0, 0, 0] : [0, 0, 0, value])
  const tag = isLittle ? [0x12, 0x01] : [0x01, 0x12]
  const tiff = [...bytesOf(isLittle ? 'II' : 'MM'), ...short(42), ...long(8), ...short(1)]
  const entry = [...tag, ...short(3), ...long(1), ...short(turn), 0, 0]
  return segment(0xe1, [...bytesOf('Exif\0\0'), ...tiff, ...entry, ...long(0), ...bytesOf('ACME')])
}

describe('a picture', () => {
  it.each([
    ['jpg', bareJpeg],
    ['png', [...signature, ...header, ...data, ...chunk('IEND', [])]],
    ['webp', riff(riffChunk('VP8 ', [1, 2, 3]))],
  ])('of type %s is detected by its first bytes, and is unchanged', (type, bytes) => {
    expect(pictureIn(Uint8Array.from(bytes))).toEqual({ type, bytes: Uint8Array.from(bytes) })
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><script>'],
    ['a drawing, which may hold scripts', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['another sort of picture', 'GIF89a'],
    ['half a beginning', '\x89PNG'],
    ['a sound', 'RIFF\x24\0\0\0WAVEfmt '],
    ['a picture behind something else', ` ${textOf(bareJpeg)}`],
    ['a JPEG whose segment is longer than the file', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['a JPEG with something between its segments', `${textOf([...start, ...frame])}<script>`],
    ['a PNG without an end', textOf([...signature, ...header, ...data])],
    ['a PNG whose chunk is longer than the file', `${textOf(signature)}\xff\xff\xff\xffIDAT----`],
    ['a WebP that is longer than the file', 'RIFF\x24\0\0\0WEBPVP8 '],
    ['a WebP whose chunk is longer than it', 'RIFF\x0c\0\0\0WEBPVP8 \x08\0\0\0'],
  ])('is not in %s', (_title, text) => {
    expect(bare(bytesOf(text))).toBeNull()
  })
})

describe('the metadata of a picture', () => {
  it('is removed from a JPEG: place, camera, comments, previews, and bytes after the end', () => {
    const extras = [
      ...exif(1),
      ...segment(0xe1, bytesOf('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>')),
      ...segment(0xe2, bytesOf('MPF\0')),
      ...segment(0xed, bytesOf('Photoshop 3.0\0')),
      ...segment(0xfe, bytesOf('a comment')),
    ]
    const behind = bytesOf('<script>')
    expect(bare([...start, ...extras, ...frame, ...scan, ...end, ...behind])).toEqual(bareJpeg)
  })

  it('stays in a JPEG where the colours depend on it', () => {
    const apps = [
      ...segment(0xe0, bytesOf('JFIF\0')),
      ...segment(0xe2, bytesOf('ICC_PROFILE\0')),
      ...segment(0xee, bytesOf('Adobe\0')),
    ]
    const bytes = [...start, ...apps, ...frame, ...scan, ...end]
    expect(bare(bytes)).toEqual(bytes)
  })

  it.each([false, true])(
    'of a JPEG stays how it is to be turned (little-endian: %s)',
    (isLittle) => {
      const kept = textOf(bare([...start, ...exif(6, isLittle), ...frame, ...scan, ...end]) ?? [])
      expect(kept).toContain(textOf(exif(6)).slice(4, -4))
      expect(kept).not.toContain('ACME')
    },
  )

  it.each([0, 4, 9, 20])('is ignored where the Exif segment ends after %d bytes', (length) => {
    const cut = segment(0xe1, exif(6).slice(4, 4 + length))
    expect(bare([...start, ...cut, ...frame, ...scan, ...end])).toEqual(bareJpeg)
  })

  it('is removed from every scan of a progressive JPEG, and a missing end marker is restored', () => {
    const twice = [...start, ...frame, ...scan, ...segment(0xfe, [1]), ...scan]
    expect(bare(twice)).toEqual([...start, ...frame, ...scan, ...scan, ...end])
  })

  it('is removed from a PNG', () => {
    const extras = ['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME'].flatMap((type) => chunk(type, [1, 2]))
    const last = chunk('IEND', [])
    expect(bare([...signature, ...header, ...extras, ...data, ...last, 1, 2, 3])).toEqual([
      ...[...signature, ...header, ...data, ...last],
    ])
  })

  it('is removed from a WebP, and so are the flags that announce it', () => {
    const extended = (flags: number) => riffChunk('VP8X', [flags, 0, 0, 0])
    const image = riffChunk('VP8 ', [1, 2, 3])
    const extras = [riffChunk('EXIF', [1]), riffChunk('XMP ', [1, 2])]
    expect(bare([...riff(extended(0x2c), image, ...extras), 1, 2])).toEqual(
      riff(extended(0x20), image),
    )
  })
})
