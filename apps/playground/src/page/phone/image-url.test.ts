import { expect, test } from 'vitest'
import { avatarUrlOf } from './avatar.ts'
import { createImageUrlResolver } from './image-url.ts'

const sourceOf = createImageUrlResolver({
  builtServiceUrl: 'http://127.0.0.1:3000',
  serviceUrl: 'http://127.0.0.1:4000/',
})

test('images of the service go through the proxy, for both addresses of the service', () => {
  expect(sourceOf('http://127.0.0.1:3000/avatars/a.jpg')).toBe('/service/avatars/a.jpg')
  expect(sourceOf('http://127.0.0.1:4000/avatars/a.jpg')).toBe('/service/avatars/a.jpg')
})

test('WeChat avatars are drawn, and other URLs are kept', () => {
  expect(sourceOf(avatarUrlOf('小明'))).toMatch(/^data:/)
  expect(sourceOf('http://127.0.0.1:30001/avatars/a.jpg')).toBeUndefined()
})
