import { describe, expect, it } from 'vitest'
import { isExternalId, maxExternalIdLength } from './external-id.ts'

describe('an external id', () => {
  it.each(['1', 'user:42', 'a\u200db', '用户-7', 'a b', 'A'.repeat(maxExternalIdLength)])(
    'may be %s',
    (text) => {
      expect(isExternalId(text)).toBe(true)
    },
  )

  it.each([
    ['empty', ''],
    ['longer than the limit', 'A'.repeat(maxExternalIdLength + 1)],
    ['with a space before it', ' 1'],
    ['with a line break behind it', '1\n'],
    ['with U+0000', '1\u00002'],
    ['with half a surrogate pair', '1\ud8002'],
    ['with a line separator', '1\u20282'],
    ['with a zero-width space', '1\u200b2'],
    ['with a turn of direction', '1\u202e2'],
    ['with U+FFFD', '1\ufffd2'],
  ])('is refused %s', (_, text) => {
    expect(isExternalId(text)).toBe(false)
  })
})
