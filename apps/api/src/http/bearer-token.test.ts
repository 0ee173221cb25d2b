import { expect, it } from 'vitest'
import { bearerToken } from './bearer-token.ts'

/** What node's parser lets through in a header: tab, and from the blank to the end of Latin-1 but DEL. */
const letters = [0x09, ...Array.from({ length: 224 }, (_, index) => 0x20 + index)]
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code))

it.each([
  ['Bearer a.b-c_d', 'a.b-c_d'],
  ['bearer abc', 'abc'],
  ['BEARER   abc', 'abc'],
  ['Bearer abc def', null],
  ['Bearer abc ', null],
  ['Bearer ', null],
  ['Bearer', null],
  ['Bearerabc', null],
  ['Bearer\tabc', null],
  [' Bearer abc', null],
  ['Basic eDp5', null],
  ['', null],
  [undefined, null],
])('%j holds the token %j', (header, token) => {
  expect(bearerToken(header)).toBe(token)
})

it('reads a token with any letter anywhere as the pattern of the standard does', () => {
  for (const letter of letters)
    for (const header of [
      `Bearer ${letter}`,
      `Bearer ${letter}ab`,
      `Bearer a${letter}b`,
      `Bearer ab${letter}`,
      `Bearer${letter}ab`,
      `${letter}Bearer ab`,
    ])
      expect([header, bearerToken(header)]).toEqual([
        header,
        header.match(/^Bearer +(\S+)$/i)?.[1] ?? null,
      ])
})
