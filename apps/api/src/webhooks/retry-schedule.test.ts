import { maxPendingAge } from '@mianmi/core'
import { expect, it } from 'vitest'
import { longestRetryAfter, readRetryAfter, retryDelay, retryDelays } from './retry-schedule.ts'

const asked = { retryAfter: null, random: 0.5 }

it('pauses grow from 5 seconds to a day, and then there is no further attempt', () => {
  const delays = retryDelays.map((_delay, index) => retryDelay(index + 1, asked))
  expect(delays).toEqual(retryDelays)
  expect([delays[0], delays.at(-1)]).toEqual([5_000, 86_400_000])
  expect(delays.toSorted((a, b) => Number(a) - Number(b))).toEqual(delays)
  expect(retryDelay(retryDelays.length + 1, asked)).toBeNull()
})

it('all attempts are made before a delivery is too old', () => {
  const longest = retryDelays.map((_delay, index) => retryDelay(index + 1, { ...asked, random: 1 }))
  expect(longest.reduce<number>((sum, delay) => sum + Number(delay), 0)).toBeLessThan(maxPendingAge)
})

it('a pause differs by a tenth at most', () => {
  expect(retryDelay(1, { ...asked, random: 0 })).toBe(4_500)
  expect(retryDelay(1, { ...asked, random: 1 })).toBe(5_500)
})

it('a receiver can ask for a longer pause up to a day, and not for a shorter one', () => {
  expect(retryDelay(1, { ...asked, retryAfter: 60_000 })).toBe(60_000)
  expect(retryDelay(4, { ...asked, retryAfter: 0 })).toBe(600_000)
  expect(retryDelay(1, { ...asked, retryAfter: longestRetryAfter + 1 })).toBe(longestRetryAfter)
})

const now = Date.parse('2026-11-27T12:00:00Z')

it.each([
  ['0', 0],
  ['120', 120_000],
  ['Fri, 27 Nov 2026 12:00:30 GMT', 30_000],
  ['Fri, 27 Nov 2026 11:00:00 GMT', 0],
  [undefined, null],
  ['', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['9999999999', null],
])('Retry-After: %s', (header, delay) => {
  expect(readRetryAfter(header, now)).toBe(delay)
})
