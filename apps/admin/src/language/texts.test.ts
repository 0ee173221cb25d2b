// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { errorMessages } from '../service/error-message.ts'
import { createFormat } from './format.ts'

test('every error message is a full sentence in both languages', () => {
  for (const message of Object.values(errorMessages.zh)) expect(message).toMatch(/[一-鿿].*。$/)
  for (const message of Object.values(errorMessages.en)) expect(message).toMatch(/^[A-Z].*\.$/)
})

test('a relative time uses the largest unit that it fills', () => {
  const format = createFormat('en')
  const ago = (seconds: number) =>
    format.relative(new Date(Date.now() - seconds * 1_000).toISOString())
  // The clock of the service may be a little ahead.
  expect(ago(-5)).toBe('now')
  expect([ago(0), ago(90), ago(7_300), ago(86_400), ago(-172_900)]).toEqual([
    'now',
    '1 minute ago',
    '2 hours ago',
    'yesterday',
    'in 2 days',
  ])
})

test('bytes use the unit that leaves few digits', () => {
  const format = createFormat('en')
  expect([0, 1_023, 1_536, 5 * 1_024 ** 3].map((value) => format.bytes(value))).toEqual([
    '0 byte',
    '1,020 byte',
    '1.5 kB',
    '5 GB',
  ])
})
