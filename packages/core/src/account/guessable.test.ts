import { expect, it } from 'vitest'
import { isMadeOfContext } from './guessable.ts'

it.each([
  'wechat123',
  'WeiXin_1',
  'mianmi!!',
  '微信微信微信微信',
  'alicealice',
  'Ａｌｉｃｅ123',
  'alicewechat',
])('a password made of the account name and words of the product is refused: %s', (password) =>
  expect(isMadeOfContext(password, 'Alice')).toBe(true),
)

it.each(['correct horse', 'wechat and four', 'alice2024', 'ａｂｃ １２３４ 五六', '        '])(
  'says nothing against any other, whatever its characters: %s',
  (password) => expect(isMadeOfContext(password, 'alice')).toBe(false),
)

it('checks only the words of the product where there is no account name', () => {
  expect(isMadeOfContext('alicealice', null)).toBe(false)
  expect(isMadeOfContext('weixin12', null)).toBe(true)
})
