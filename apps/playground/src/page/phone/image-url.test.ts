import { expect, test } from 'vitest'
import { avatarUrlOf } from './avatar.ts'
import { createImageUrlResolver } from './image-url.ts'

const sourceOf = createImageUrlResolver({
  builtServiceUrl: 'http://127.0.0.1:3000',
  serviceUrl: 'http://127.0.0.1:4000/',
})

test('the service’s pictures come through the proxy, under either of its addresses', () => {
  expect(sourceOf('http://127.0.0.1:3000/avatars/a.jpg')).toBe('/service/avatars/a.jpg')
  expect(sourceOf('http://127.0.0.1:4000/avatars/a.jpg')).toBe('/service/avatars/a.jpg')
})

test('WeChat’s avatars are drawn, and everything else is as it is', () => {
  expect(sourceOf(avatarUrlOf('小明'))).toMatch(/^data:/)
  expect(sourceOf('http://127.0.0.1:30001/avatars/a.jpg')).toBeUndefined()
})
