import { expect, test } from 'vitest'
import { createSessionKeys } from './session-keys.ts'

const app = 'wx6d69616e6d690001'
const threeDays = 3 * 24 * 3600_000

test('a session key is valid until the last millisecond of three days', () => {
  let time = 0
  const keys = createSessionKeys(() => time)
  const key = keys.rotate(app, 'o-ann')
  time = threeDays - 1
  expect(keys.current(app, 'o-ann')).toBe(key)
  time = threeDays
  expect(keys.current(app, 'o-ann')).toBe(undefined)
})

test('a rotation replaces the key, keeps the previous one and starts a new lifetime', () => {
  let time = 0
  const keys = createSessionKeys(() => time)
  const first = keys.rotate(app, 'o-ann')
  expect(keys.previous(app, 'o-ann')).toBe(undefined)
  time = threeDays - 1
  const second = keys.rotate(app, 'o-ann')
  expect(second).not.toBe(first)
  time = 2 * threeDays - 2
  expect(keys.current(app, 'o-ann')).toBe(second)
  expect(keys.previous(app, 'o-ann')).toBe(first)
  const third = keys.rotate(app, 'o-ann')
  expect([keys.previous(app, 'o-ann'), keys.current(app, 'o-ann')]).toEqual([second, third])
})

test('keys of other users and of the same openid in another app are separate', () => {
  const keys = createSessionKeys(() => 0)
  const key = keys.rotate(app, 'o-ann')
  keys.rotate(app, 'o-bob')
  keys.rotate('wx6d69616e6d690002', 'o-ann')
  expect(keys.current(app, 'o-ann')).toBe(key)
  expect(keys.previous(app, 'o-ann')).toBe(undefined)
})
