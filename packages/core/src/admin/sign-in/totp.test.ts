import { expect, it } from 'vitest'
import { plainCode } from './totp.ts'

it.each([
  '123456',
  '123 456',
  ' 123 456 ',
  '12 34 56',
  '123-456',
  '１２３４５６',
  '123\u00a0456',
  '123\t456',
])('"%s" is 123456', (typed) => {
  expect(plainCode(typed)).toBe('123456')
})

it.each(['12345', '1234567', '123a456', 'ABCD-EFGH-JKMN', '2345-6789-2345', '١٢٣٤٥٦'])(
  '"%s" is no code of an app, and stays as it is',
  (typed) => {
    expect(plainCode(typed)).toBe(typed)
  },
)
