import { expect, it } from 'vitest'
import { ownPicture } from './own-picture.ts'

const hash = '0123456789abcdef0123456789abcdef'

it('a picture that the service stores is loaded from the host of the console', () => {
  for (const base of ['https://id.example', 'https://id.example/mianmi', 'http://127.0.0.1:3000'])
    expect(ownPicture(`${base}/avatars/${hash}.png`)).toBe(`/avatars/${hash}.png`)
})

it.each([
  null,
  'https://wx.qlogo.cn/mmhead/1/132',
  `https://evil.example/avatars/${hash}.svg`,
  `https://evil.example/avatars/${hash}.png?who`,
  `https://evil.example/avatars/${hash.toUpperCase()}.png`,
  `https://evil.example/avatars/../${hash}.png`,
])('%s is not loaded', (avatarUrl) => {
  expect(ownPicture(avatarUrl)).toBeUndefined()
})
