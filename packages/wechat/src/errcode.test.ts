import { expect, expectTypeOf, test } from 'vitest'
import { errorFromErrcode, type WechatErrcode } from './errcode.ts'

test('a table of the errcodes does not compile when one is missing', () => {
  type Table = Record<WechatErrcode, string>
  expectTypeOf<Omit<Table, 87009>>().not.toExtend<Table>()
  expectTypeOf<Table>().toExtend<Table>()
})

test.each([40003, 48001, 1, -2, 40029.5, 2 ** 40])(
  'errcode %d is not listed and gives the kind rejected',
  (errcode) => {
    expect(errorFromErrcode(errcode)).toMatchObject({ kind: 'rejected', errcode })
  },
)
