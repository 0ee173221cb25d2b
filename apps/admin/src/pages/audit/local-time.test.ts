import { expect, test } from 'vitest'
import { fromLocalTime, toLocalTime } from './local-time.ts'

test('a time survives the round trip through the input, to the minute', () => {
  for (const at of ['2026-11-22T10:05:00.000Z', '2026-03-29T01:30:00.000Z'])
    expect(fromLocalTime(toLocalTime(at))).toBe(at)
})

test('incomplete input has no time', () => {
  expect([fromLocalTime(''), fromLocalTime('2026-11'), toLocalTime(undefined)]).toEqual([
    undefined,
    '2026-11-01T00:00:00.000Z',
    '',
  ])
})
