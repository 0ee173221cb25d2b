import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fromLocalTime, toLocalTime } from './local-time.ts'

// A machine at UTC would not notice a wrong sign of the offset.
beforeEach(() => void vi.stubEnv('TZ', 'Asia/Shanghai'))
afterEach(() => void vi.unstubAllEnvs())

test('a time is shown in the time zone of the browser', () => {
  expect(toLocalTime('2026-11-22T18:05:00.000Z')).toBe('2026-11-23T02:05')
  expect(fromLocalTime('2026-11-23T02:05')).toBe('2026-11-22T18:05:00.000Z')
})

test('a time survives the round trip through the input, to the minute', () => {
  for (const at of ['2026-11-22T10:05:00.000Z', '2026-03-29T01:30:00.000Z'])
    expect(fromLocalTime(toLocalTime(at))).toBe(at)
})

test('empty input has no time, and no time is an empty input', () => {
  expect(fromLocalTime('')).toBeUndefined()
  expect(toLocalTime(undefined)).toBe('')
})
