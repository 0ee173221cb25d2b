import { expect, test } from 'vitest'
import { lifetime } from './lifetime.ts'

test('a lifetime is told in the largest unit that says it exactly', () => {
  expect([2_592_000, 900, 90, 0.5].map((seconds) => lifetime(seconds, 'en'))).toEqual([
    '30 days',
    '15 minutes',
    '90 seconds',
    '0.5 seconds',
  ])
})
