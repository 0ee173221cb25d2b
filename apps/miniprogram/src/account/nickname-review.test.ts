import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNicknameReview } from './nickname-review.ts'

const passed = { pass: true, timeout: false }
const refused = { pass: false, timeout: false }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the review of a nickname', () => {
  it('is not waited for where the field never had the focus', async () => {
    expect(await createNicknameReview().isRefused('a')).toBe(false)
  })

  it('counts as not done where a base library has none, and is not waited for twice', async () => {
    const review = createNicknameReview()
    review.focus()
    review.blur('a')
    const first = review.isRefused('a')
    await vi.advanceTimersByTimeAsync(4_999)
    const pending = await Promise.race([first, 'pending'])
    expect(pending).toBe('pending')
    await vi.advanceTimersByTimeAsync(1)
    expect(await first).toBe(false)
    expect(await review.isRefused('a')).toBe(false)
  })

  it('of an earlier text says nothing about a later one', async () => {
    const review = createNicknameReview()
    review.focus()
    review.blur('bad')
    review.focus()
    expect(review.end(refused, 'good')).toBe(false)
    const verdict = review.isRefused('good')
    review.blur(' good ')
    review.end(passed, 'good')
    expect(await verdict).toBe(false)
    expect(await review.isRefused('bad')).toBe(true)
  })

  it('that comes too late is still one of its own text', async () => {
    const review = createNicknameReview()
    review.blur('slow')
    const verdict = review.isRefused('slow')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await verdict).toBe(false)
    review.blur('next')
    expect(review.end(refused, 'next')).toBe(false)
    expect(review.end(passed, 'next')).toBe(false)
    expect(await review.isRefused('next')).toBe(false)
  })

  it('of a text whose loss of focus was not reported is that of the field', async () => {
    const review = createNicknameReview()
    expect(review.end(refused, 'bad')).toBe(true)
    expect(await review.isRefused('bad')).toBe(true)
  })
})
