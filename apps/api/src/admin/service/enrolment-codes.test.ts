import { expect, it } from 'vitest'
import { enrolmentCodes } from './enrolment-codes.ts'

it('a code has five groups, and no two are the same', () => {
  const codes = Array.from({ length: 100 }, () => enrolmentCodes.draw())
  expect(new Set(codes).size).toBe(100)
  for (const code of codes) expect(code).toMatch(/^(?:[2-9A-HJKMNP-Z]{4}-?){5}$/)
})

it('a code is known however it was typed, and its hash shows nothing of it', () => {
  const hash = enrolmentCodes.hash('ABCD-EFGH-2345-6789-JKMN')
  for (const typed of [
    'abcd-efgh-2345-6789-jkmn',
    'ABCDEFGH23456789JKMN',
    ' abcd efgh 2345 6789 jkmn ',
  ])
    expect(enrolmentCodes.hash(typed)).toBe(hash)
  expect(enrolmentCodes.hash('ABCD-EFGH-2345-6789-JKMP')).not.toBe(hash)
  expect(hash).toMatch(/^[\w-]{43}$/)
})
