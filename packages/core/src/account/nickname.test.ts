import { expect, it } from 'vitest'
import { isNickname } from './nickname.ts'

it.each([
  '小明',
  'Ann Lee',
  '👨‍👩‍👧',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  '❤️',
  '1',
  'é',
  'e\u0301',
])('"%s" can be shown', (nickname) => {
  expect(isNickname(nickname)).toBe(true)
})

it.each([
  ['nothing', ''],
  ['a space', ' '],
  ['an ideographic space', '\u3000'],
  ['zero-width space', '\u200b'],
  ['joiners alone', '\u200d\u200d'],
  ['Hangul filler', '\u3164'],
  ['half-width Hangul filler', '\uffa0'],
  ['blank Braille', '\u2800\u2800'],
  ['a variation selector', '\ufe0f'],
  ['a combining mark alone', '\u0301'],
  ['right-to-left override', 'a\u202egnp.exe'],
  ['right-to-left mark', 'a\u200f'],
  ['an isolate', '\u2066a\u2069'],
  ['Arabic letter mark', 'a\u061c'],
  ['line separator', 'a\u2028b'],
  ['paragraph separator', 'a\u2029b'],
  ['line feed', 'a\nb'],
  ['NUL', 'a\0'],
  ['a byte order mark', '\ufeffa'],
  ['a soft hyphen', 'a\u00adb'],
  ['a word joiner', 'a\u2060b'],
  ['half a surrogate pair', 'a\ud83d'],
  ['an annotation', 'a\ufff9b'],
])('%s cannot', (_title, nickname) => {
  expect(isNickname(nickname)).toBe(false)
})
