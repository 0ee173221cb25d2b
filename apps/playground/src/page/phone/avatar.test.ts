import { expect, test } from 'vitest'
import { avatarUrlOf, drawAvatar, hueOf, initialOf } from './avatar.ts'

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

test('names have different colours and survive characters with a meaning in URLs', () => {
  expect(new Set(['小明', '小红', '老王', 'ann', 'bob'].map(hueOf)).size).toBeGreaterThan(1)
  expect(hueOf('小明')).toBe(hueOf('小明'))
  const drawn = decodeURIComponent(drawAvatar(avatarUrlOf('a/b?c#王')) ?? '')
  expect(drawn).toContain('>王<')
})
