import { expect, test } from 'vitest'
import { avatarUrlOf, drawAvatar, initialOf } from './avatar.ts'

test('a Chinese name shows its last character, another its first', () => {
  expect([initialOf('小明'), initialOf('ann'), initialOf('')]).toEqual(['明', 'A', ''])
})

test('an avatar’s address can be kept by a service and drawn again', () => {
  const url = avatarUrlOf('小明')
  expect(new URL(url).protocol).toBe('https:')
  expect(decodeURIComponent(drawAvatar(url) ?? '')).toContain('明')
  expect(drawAvatar('https://example.com/a.png')).toBe(undefined)
})

test('a name cannot draw anything but itself', () => {
  expect(decodeURIComponent(drawAvatar(avatarUrlOf('<script>')) ?? '')).not.toContain('<script')
})
