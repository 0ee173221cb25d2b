// @vitest-environment jsdom
import type { Reason } from '@mianmi/contracts'
import { MutationObserver } from '@tanstack/react-query'
import { TRPCClientError } from '@trpc/client'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createQueryClient } from './query-client.ts'

const callError = (reason: Reason) =>
  TRPCClientError.from({ error: { message: 'failed', code: -32_000, data: { reason } } })

/** How often a query runs that always fails with this error. */
async function attempts(error: Error): Promise<number> {
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

it('a query is repeated twice for a network error or overload, and never for another error', async () => {
  expect(await attempts(callError('overloaded'))).toBe(3)
  expect(await attempts(TRPCClientError.from(new TypeError('Failed to fetch')))).toBe(3)
  expect(await attempts(callError('forbidden'))).toBe(1)
  expect(await attempts(callError('rate_limited'))).toBe(1)
})

it('a mutation is forgotten once no page shows its result, also where it failed', async () => {
  const client = createQueryClient(() => {})
  for (const mutationFn of [async () => 'secret', () => Promise.reject(callError('forbidden'))]) {
    const observer = new MutationObserver(client, { mutationFn })
    const leave = observer.subscribe(() => {})
    await observer.mutate().catch(() => undefined)
    expect(client.getMutationCache().getAll()).toHaveLength(1)
    leave()
    await vi.waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]))
  }
})
