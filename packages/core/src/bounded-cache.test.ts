import { expect, it } from 'vitest'
import { createBoundedCache } from './bounded-cache.ts'

const keys = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `k${from + index}`)

it('holds at least the last half of `most`, and never more than `most`', () => {
  const cache = createBoundedCache<number>({ most: 100 })
  for (let n = 0; n < 1_000; n++) {
    cache.set(`k${n}`, n)
    const last = keys(Math.max(0, n - 49), n + 1)
    expect(last.every((key) => cache.get(key) !== undefined)).toBe(true)
    const known = keys(0, n + 1).filter((key) => cache.get(key) !== undefined)
    expect(known.length).toBeLessThanOrEqual(100)
  }
})

it('holds each entry for `forMs`, and drops it some time later', () => {
  let time = 0
  const cache = createBoundedCache<string>({ most: 100, forMs: 1_000, now: () => time })
  cache.set('first', 'a')
  for (time = 100; time <= 1_900; time += 100) cache.set(`at ${time}`, 'b')
  expect(cache.get('first')).toBe('a')
  expect(cache.get('at 900')).toBe('b')
  cache.set('at 2000', 'b')
  expect(cache.get('first')).toBeUndefined()
  expect(cache.get('at 1000')).toBe('b')
})

it('drops entries of a clock that was ahead like old ones', () => {
  let time = 1_000_000
  const cache = createBoundedCache<string>({ most: 100, forMs: 1_000, now: () => time })
  time += 1_000
  cache.set('of the future', 'a')
  for (time = 0; time <= 1_000; time += 500) cache.set(`at ${time}`, 'b')
  expect(cache.get('of the future')).toBeUndefined()
  expect(cache.get('at 0')).toBe('b')
})

it('deletes an entry at once, in either generation', () => {
  const cache = createBoundedCache<number>({ most: 4 })
  for (const key of ['a', 'b', 'c']) cache.set(key, 1)
  cache.delete('a')
  cache.delete('c')
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 1, undefined])
})
