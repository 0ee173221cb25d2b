import { expect, test } from 'vitest'
import { exactDuration } from './exact-duration.ts'

test('a duration uses the largest unit that needs no rounding', () => {
  expect([2_592_000, 900, 90, 0.5].map((seconds) => exactDuration(seconds, 'en'))).toEqual([
    '30 days',
    '15 minutes',
    '90 seconds',
    '0.5 seconds',
  ])
})
