import { expect, test } from 'vitest'
import { exactDuration } from './exact-duration.ts'

test('a lifetime is told in the largest unit that says it exactly', () => {
  expect([2_592_000, 900, 90, 0.5].map((seconds) => exactDuration(seconds, 'en'))).toEqual([
    '30 days',
    '15 minutes',
    '90 seconds',
    '0.5 seconds',
  ])
})
