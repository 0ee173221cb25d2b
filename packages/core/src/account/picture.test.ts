import { describe, expect, it } from 'vitest'
import { pictureTypeOf } from './picture.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

describe('a picture', () => {
  it.each([
    ['jpg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['webp', 'RIFF\x24\0\0\0WEBPVP8 '],
  ])('%s is known by its first bytes', (type, text) => {
    expect(pictureTypeOf(bytes(text))).toBe(type)
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><script>'],
    ['a drawing, which may hold scripts', '<svg xmlns="http://www.w3.org/2000/svg">'],
    ['another sort of picture', 'GIF89a'],
    ['half a beginning', '\x89PNG'],
    ['a sound', 'RIFF\x24\0\0\0WAVEfmt '],
    ['a picture behind something else', ' \xff\xd8\xff'],
  ])('%s is none', (_title, text) => {
    expect(pictureTypeOf(bytes(text))).toBeNull()
  })
})
