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

test('clearTimeout and clearInterval stop a timer, and accept undefined', () => {
  const timers = createTimers(() => undefined)
  const { setTimeout, setInterval, clearTimeout, clearInterval } = timers.globals as Record<
    string,
    (...args: unknown[]) => unknown
  >
  const ran: string[] = []
  clearTimeout?.(setTimeout?.(() => ran.push('once'), 10))
  clearInterval?.(setInterval?.(() => ran.push('again'), 10))
  clearTimeout?.(undefined)
  vi.advanceTimersByTime(100)
  expect([ran, vi.getTimerCount()]).toEqual([[], 0])
})

test('a timer that has fired is forgotten', () => {
  const timers = createTimers(() => undefined)
  ;(timers.globals['setTimeout'] as Start)(() => undefined, 1)
  vi.advanceTimersByTime(1)
  const clear = vi.spyOn(globalThis, 'clearTimeout')
  timers.clear()
  expect(clear).not.toHaveBeenCalled()
  clear.mockRestore()
})
