import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTimers } from './timers.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Start = (callback: () => void, delay: number) => unknown

test('clear() stops running timers', () => {
  const timers = createTimers(() => undefined)
  const ran: string[] = []
  ;(timers.globals['setTimeout'] as Start)(() => ran.push('once'), 10)
  ;(timers.globals['setInterval'] as Start)(() => ran.push('again'), 4)
  vi.advanceTimersByTime(8)
  timers.clear()
  vi.advanceTimersByTime(100)
  expect(ran).toEqual(['again', 'again'])
})

test('an error in a timer is reported', () => {
  const errors: unknown[] = []
  const timers = createTimers((error) => errors.push(error))
  const failure = new Error('late')
  ;(timers.globals['setTimeout'] as Start)(() => {
    throw failure
  }, 1)
  vi.advanceTimersByTime(1)
  expect(errors).toEqual([failure])
})
