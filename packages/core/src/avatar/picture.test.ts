import { describe, expect, it } from 'vitest'
import { inflateStored, pictureOfType, testPictures, testPng } from '../../testing/index.ts'
import { pictureIn } from './picture.ts'

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)))
const read = (bytes: Uint8Array) => pictureIn(bytes, inflateStored)

describe('a picture', () => {
  it.each(Object.entries(pictureOfType))(
    'of type %s is detected by its first bytes, and is unchanged',
    async (type, bytes) => {
      expect(await read(bytes)).toEqual({ type, bytes })
    },
  )

  it.each(Object.entries(testPictures))('that is %s is unchanged', async (_kind, bytes) => {
    expect((await read(bytes)).bytes).toEqual(bytes)
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><script>'],
    ['a drawing, which may hold scripts', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['another sort of picture', 'GIF89a'],
    ['half a beginning', '\x89PNG'],
    ['a sound', 'RIFF\x24\0\0\0WAVEfmt '],
    ['a beginning alone', '\xff\xd8\xff'],
    ['a signature alone', '\x89PNG\r\n\x1a\n'],
    ['a file of WebP without chunks', 'RIFF\x04\0\0\0WEBP'],
  ])('is not in %s', async (_title, text) => {
    await expect(read(bytesOf(text))).rejects.toThrow('')
  })

  it('is not what stands behind something else', async () => {
    const behind = Uint8Array.of(0x20, ...testPictures.jpeg)
    await expect(read(behind)).rejects.toThrow('bytes that begin as no picture does')
  })

  // Decoders would draw part of it, or nothing.
  it.each(Object.entries({ ...testPictures, png: testPng() }))(
    'that is %s is refused wherever it is cut off, also where its length says so',
    async (kind, bytes) => {
      for (let length = 0; length < bytes.length - 2; length++) {
        await expect(read(bytes.slice(0, length)), `${length}`).rejects.toThrow('')
        // An animation may be cut off between two frames.
        if (kind !== 'animated' && bytes[0] === 0x52 && length >= 20 && length < bytes.length - 4)
          await expect(read(resized(bytes, length)), `${length}`).rejects.toThrow('')
      }
    },
  )

  it.each(Object.entries({ ...testPictures, png: testPng() }))(
    'that is %s loses what stands behind its end',
    async (_kind, bytes) => {
      const longer = Uint8Array.of(...bytes, ...bytesOf('<script>alert(1)</script>'))
      expect((await read(longer)).bytes).toEqual(bytes)
    },
  )

  it.each(Object.entries(testPictures))(
    'that is %s with any byte changed is a picture or refused, and nothing else',
    async (_kind, bytes) => {
      for (let at = 0; at < bytes.length; at++)
        for (const value of [0, 255, (bytes[at] ?? 0) ^ 0x10]) {
          const result = await read(bytes.with(at, value)).catch((error: unknown) => error)
          if (result instanceof Error) expect(result.name, `${at}`).toBe('MalformedPictureError')
        }
    },
  )
})

/** The first bytes of a WebP, whose lengths end there too. */
function resized(webp: Uint8Array, length: number): Uint8Array {
  const cut = webp.slice(0, length)
  const view = new DataView(cut.buffer)
  view.setUint32(4, length - 8, true)
  const isSimple = webp[15] !== 0x58
  if (isSimple) view.setUint32(16, length - 20, true)
  return cut
}
