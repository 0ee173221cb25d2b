import { describe, expect, it } from 'vitest'
import { accountKey } from './account-name.ts'

describe('accountKey', () => {
  it.each([
    ['ALICE', 'alice'],
    ['Ａｌｉｃｅ', 'alice'],
    ['ﬁona', 'fiona'],
    ['e\u0301ve', '\u00e9ve'],
  ])('%s and %s are one principal', (typed, key) => {
    expect(accountKey(typed)).toBe(key)
  })

  it('a normal form is its own normal form', () => {
    for (const name of ['İstanbul', 'ΌΣΟΣ', 'ẞtraße', '㎏', 'Å', 'ﬀ', '张三'])
      expect(accountKey(accountKey(name))).toBe(accountKey(name))
  })
})
