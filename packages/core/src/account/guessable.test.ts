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
])('a password made of the name and the place is refused: %s', (password) =>
  expect(isMadeOfContext(password, 'Alice')).toBe(true),
)

it.each(['correct horse', 'wechat and four', 'alice2024', 'ａｂｃ １２３４ 五六', '        '])(
  'says nothing against any other, whatever its characters: %s',
  (password) => expect(isMadeOfContext(password, 'alice')).toBe(false),
)

it('looks at the place alone where there is no name', () => {
  expect(isMadeOfContext('alicealice', null)).toBe(false)
  expect(isMadeOfContext('weixin12', null)).toBe(true)
})
