import { expect, test } from 'vitest'
import { avatarUrlOf, drawAvatar, initialOf } from './avatar.ts'

test('the initial is the last Chinese character or the first letter', () => {
  expect([initialOf('小明'), initialOf('ann'), initialOf('')]).toEqual(['明', 'A', ''])
})

test('an avatar URL can be stored and drawn later', () => {
  const url = avatarUrlOf('小明')
  expect(new URL(url).protocol).toBe('https:')
  expect(decodeURIComponent(drawAvatar(url) ?? '')).toContain('明')
  expect(drawAvatar('https://example.com/a.png')).toBe(undefined)
})

test('markup in a name is not drawn', () => {
  expect(decodeURIComponent(drawAvatar(avatarUrlOf('<script>')) ?? '')).not.toContain('<script')
})
