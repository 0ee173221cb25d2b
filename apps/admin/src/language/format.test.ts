// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { createFormat } from './format.ts'

const en = createFormat('en')

afterEach(() => {
  vi.useRealTimers()
})

/** An ISO time on this day of November 2026 in the browser's time zone. */
const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 5).toISOString()

test('yesterday, today and tomorrow are named, any other day is written in full', () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 23, 50) })
  expect([at(22, 0), at(23, 0), at(21, 18)].map(en.calendarTime)).toEqual([
    expect.stringMatching(/^today 12:05.AM$/),
    expect.stringMatching(/^tomorrow 12:05.AM$/),
    expect.stringMatching(/^yesterday 6:05.PM$/),
  ])
  expect(en.calendarTime(at(24, 0))).toBe(en.dateTime(at(24, 0)))
})

test('a duration is rounded down in its largest unit', () => {
  const ms = [0, 59_999, 3_599_000, 90_000_000]
  expect(ms.map(en.duration)).toEqual(['0 seconds', '59 seconds', '59 minutes', '1 day'])
})

test('a calendar day does not shift with the time zone', () => {
  expect(en.day('2026-11-01')).toBe('11/1')
})
