import { describe, expect, it } from 'vitest'
import { readSearch } from './read-search.ts'

describe('a search text', () => {
  it.each([
    ['13912345678', '13912345678'],
    ['+86 139-1234 5678', '13912345678'],
    ['0086 (139) 1234.5678', '13912345678'],
    ['８６１３９１２３４５６７８', '13912345678'],
    ['+852 6123 4567', '+85261234567'],
    ['1391234', '1391234'],
    ['12345', null],
    ['13912345678x', null],
    ['x13912345678', null],
    ['+186139123456', '+186139123456'],
    ['+8613912345678901', null],
    ['x+85261234567', null],
    ['anna', null],
    ['-', null],
  ])('%s means the number %s', (text, phone) => {
    expect(readSearch(text).phone).toBe(phone)
  })

  it.each([
    ['5678', '5678'],
    ['５６７８', '5678'],
    ['678', null],
    ['56789', null],
    ['567x', null],
    ['56 78', null],
  ])('%s means the end %s of a number', (text, phoneEnd) => {
    expect(readSearch(text).phoneEnd).toBe(phoneEnd)
  })

  it('is kept as it is, and in the normal form of an account name', () => {
    expect(readSearch('ＡＮna')).toEqual({
      text: 'ＡＮna',
      accountKey: 'anna',
      phone: null,
      phoneEnd: null,
    })
  })
})
