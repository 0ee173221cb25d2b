// @vitest-environment jsdom
import type { Reason } from '@mianmi/contracts'
import { TRPCClientError } from '@trpc/client'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createQueryClient } from './query-client.ts'

const refusal = (reason: Reason) =>
  TRPCClientError.from({ error: { message: 'refused', code: -32_000, data: { reason } } })

/** How often a read was asked that failed in this way until it was given up. */
async function asked(error: Error): Promise<number> {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const read = vi.fn(() => Promise.reject(error))
  const client = createQueryClient(() => {})
  const reading = client.fetchQuery({ queryKey: ['people'], queryFn: read })
  const failed = expect(reading).rejects.toBe(error)
  await vi.runAllTimersAsync()
  await failed
  return read.mock.calls.length
}

it('asks again where that may help, and nowhere else', async () => {
  expect(await asked(refusal('overloaded'))).toBe(3)
  expect(await asked(TRPCClientError.from(new TypeError('Failed to fetch')))).toBe(3)
  expect(await asked(refusal('forbidden'))).toBe(1)
  expect(await asked(refusal('rate_limited'))).toBe(1)
})
