import { expect, it } from 'vitest'
import { isoTime } from './iso-time.ts'

const year = 365.25 * 86_400_000

it('formats like Date.prototype.toISOString', () => {
  const edges = [
    0, -1, 1, 9, 10, 99, 100, 999, 1_000, 86_399_999, 86_400_000, 1.5, 8.64e15, -8.64e15,
  ]
  const anyTime = Array.from({ length: 5_000 }, () =>
    Math.floor((Math.random() - 0.2) * 200 * year),
  )
  for (const ms of [...edges, ...anyTime]) expect(isoTime(ms)).toBe(new Date(ms).toISOString())
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.7e15])('%s is no valid time', (ms) => {
  expect(() => isoTime(ms)).toThrow(RangeError)
})
