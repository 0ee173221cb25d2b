import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sendRequest, type WxRequestOptions } from './wx-request.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const encoded = { url: 'https://example.com/trpc/ping', method: 'GET' } as const
const reply = { statusCode: 200, data: '{}' }

// The link aborts each request at its end, which also clears the timer. These tests do without that.
it('keeps no timer when the phone calls back before `request` returns', async () => {
  const request = ({ success }: WxRequestOptions) => success(reply)
  await sendRequest({ request }, encoded, {}, { abort() {} })
  await null
  expect(vi.getTimerCount()).toBe(0)
})

it('keeps no timer when the phone calls back later', async () => {
  const sent: WxRequestOptions[] = []
  const request = (options: WxRequestOptions) => sent.push(options)
  const response = sendRequest({ request }, encoded, {}, { abort() {} })
  expect(vi.getTimerCount()).toBe(1)
  sent[0]?.success(reply)
  await response
  await null
  expect(vi.getTimerCount()).toBe(0)
})

it('keeps no timer after an abort', async () => {
  const task = { abort() {} }
  const response = sendRequest({ request: () => ({ abort() {} }) }, encoded, {}, task)
  task.abort()
  await expect(response).rejects.toMatchObject({ name: 'WxLinkError' })
  expect(vi.getTimerCount()).toBe(0)
})
