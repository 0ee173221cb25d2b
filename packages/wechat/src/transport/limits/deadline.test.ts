import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDeadline, withDeadline } from './deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a deadline expires after its milliseconds and not before', async () => {
  await withDeadline(100, async (deadline) => {
    vi.advanceTimersByTime(99)
    expect(deadline.hasExpired()).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadline.hasExpired()).toBe(true)
  })
})

test('no timer remains after the work', async () => {
  await withDeadline(100, async () => {
    expect(vi.getTimerCount()).toBe(1)
  })
  expect(vi.getTimerCount()).toBe(0)
  await withDeadline(100, () => Promise.reject(new Error('failed'))).catch(() => {})
  expect(vi.getTimerCount()).toBe(0)
})

test('each listener is called once, unless it was removed', () => {
  const deadline = createDeadline()
  const [kept, removed] = [vi.fn(), vi.fn()]
  deadline.onExpire(kept)
  deadline.onExpire(removed)()
  deadline.expire()
  deadline.expire()
  expect(kept).toHaveBeenCalledOnce()
  expect(removed).not.toHaveBeenCalled()
})

test('race settles as its work does', async () => {
  const deadline = createDeadline()
  expect(await deadline.race(Promise.resolve('done'))).toBe('done')
  await expect(deadline.race(Promise.reject(new Error('failed')))).rejects.toThrow('failed')
})

test('race rejects when the deadline expires during the work or has expired before', async () => {
  const deadline = createDeadline()
  const endless = new Promise(() => {})
  const racing = deadline.race(endless)
  deadline.expire()
  await expect(racing).rejects.toMatchObject({ kind: 'unavailable' })
  await expect(deadline.race(endless)).rejects.toMatchObject({ kind: 'unavailable' })
})
