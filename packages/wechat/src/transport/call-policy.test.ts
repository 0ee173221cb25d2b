import { performance } from 'node:perf_hooks'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { RequestOutcome } from '../index.ts'
import { unavailableError } from '../wechat-error.ts'
import { type CallPolicyOptions, createCallPolicy } from './call-policy.ts'
import { createDeadline } from './limits/deadline.ts'

afterEach(() => void vi.restoreAllMocks())

/** A policy whose layers let everything pass, except for those in `layers`. */
function open(layers: Partial<CallPolicyOptions> = {}) {
  const outcomes: RequestOutcome[] = []
  const run = vi.fn((_deadline: unknown, work: () => Promise<unknown>) => work())
  const send = vi.fn(async () => ({ status: 200, text: '{}' }))
  const policy = createCallPolicy({
    sender: { send, close: async () => {} },
    breaker: { throwIfOpen: () => {}, run: (work) => work() },
    bulkhead: { run: run as CallPolicyOptions['bulkhead']['run'] },
    onRequestEnd: (outcome) => void outcomes.push(outcome),
    ...layers,
  })
  const deadline = createDeadline()
  const request = { path: '/path', query: {}, replySchema: z.object({}), deadline }
  return { call: () => policy.call('wx1', request), deadline, outcomes, run, send }
}

test('a call does not queue while the breaker is open', async () => {
  const throwIfOpen = () => {
    throw unavailableError('open', 1)
  }
  const { call, run } = open({ breaker: { throwIfOpen, run: (work) => work() } })
  await expect(call()).rejects.toMatchObject({ retryAfter: 1 })
  expect(run).not.toHaveBeenCalled()
})

test('a call whose deadline has expired does not queue', async () => {
  const { call, deadline, run } = open()
  deadline.expire()
  await expect(call()).rejects.toMatchObject({ kind: 'unavailable' })
  expect(run).not.toHaveBeenCalled()
})

test('a call ends at its deadline although its request does not', async () => {
  const { call, deadline } = open({
    sender: { send: () => new Promise(() => {}), close: async () => {} },
  })
  const calling = call()
  deadline.expire()
  await expect(calling).rejects.toThrow('timeout')
})

test('durationMs is the time from sending to the end', async () => {
  vi.spyOn(performance, 'now').mockReturnValueOnce(100).mockReturnValueOnce(130)
  const { call, outcomes } = open()
  await call()
  expect(outcomes).toEqual([{ appId: 'wx1', path: '/path', errcode: 0, durationMs: 30 }])
  expect(performance.now).toHaveBeenCalledTimes(2)
})

test('an outcome is reported once, also for a call that failed', async () => {
  const send = async () => Promise.reject(unavailableError('reset'))
  const { call, outcomes } = open({ sender: { send, close: async () => {} } })
  await call().catch(() => {})
  expect(outcomes).toMatchObject([{ path: '/path', errcode: null }])
})
