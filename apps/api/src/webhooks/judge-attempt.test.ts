import { expect, it } from 'vitest'
import { judgeAttempt } from './judge-attempt.ts'
import { retryDelays } from './retry-schedule.ts'
import type { AttemptOutcome } from './send-attempt.ts'

const delivery = { id: 'd1', type: 'user.created', attempts: 0 } as const
const at = { now: 1_000, random: 0.5 }
const result = (outcome: AttemptOutcome, retryAfter: number | null = null) => ({
  outcome,
  error: outcome,
  retryAfter,
})

it('a delivery that was made is gone', () => {
  const judged = judgeAttempt(delivery, result('delivered'), at)
  expect(judged).toEqual({ id: 'd1', outcome: 'delivered' })
})

it.each([
  'redirected',
  'refused',
  'failed',
  'timeout',
  'unreachable',
  'forbidden_address',
  'unsigned',
] as const)('%s: it is tried again after a pause', (outcome) => {
  const judged = judgeAttempt(delivery, result(outcome), at)
  expect(judged).toEqual({ id: 'd1', outcome: 'retry', dueAt: 6_000, error: outcome })
})

it('a longer pause that the receiver asks for is kept', () => {
  const judged = judgeAttempt(delivery, result('failed', 60_000), at)
  expect(judged).toMatchObject({ dueAt: 61_000 })
})

it('after the last attempt it is dead, and not one attempt earlier', () => {
  const after = (attempts: number) =>
    judgeAttempt({ ...delivery, attempts }, result('failed'), at).outcome
  expect(after(retryDelays.length - 1)).toBe('retry')
  expect(after(retryDelays.length)).toBe('dead')
})

it.each(['aborted', 'gone'] as const)('%s: the attempt does not count', (outcome) => {
  expect(judgeAttempt(delivery, result(outcome), at)).toEqual({ id: 'd1', outcome: 'release' })
})

it('a test is tried once', () => {
  const judge = (outcome: AttemptOutcome) =>
    judgeAttempt({ ...delivery, type: 'webhook.test' }, result(outcome), at)
  expect(judge('failed')).toEqual({ id: 'd1', outcome: 'dead', error: 'failed' })
  expect(judge('gone')).toEqual({ id: 'd1', outcome: 'dead', error: 'gone' })
})
