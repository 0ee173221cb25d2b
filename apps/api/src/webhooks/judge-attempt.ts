import { type ClaimedDelivery, type DeliveryOutcome, webhookTestType } from '@mianmi/core'
import { retryDelay } from './retry-schedule.ts'
import type { AttemptResult } from './send-attempt.ts'

/** `release`: the attempt does not count, and the delivery waits as if it had not been claimed. */
export type Judgement = DeliveryOutcome | { readonly id: string; readonly outcome: 'release' }

/**
 * What becomes of a delivery after an attempt. A test is tried once: the administrator who sends it waits for its result.
 *
 * @param at `now` in ms since the epoch, `random` from 0 to 1
 */
export function judgeAttempt(
  { id, type, attempts }: Pick<ClaimedDelivery, 'id' | 'type' | 'attempts'>,
  { outcome, error, retryAfter }: AttemptResult,
  { now, random }: { now: number; random: number },
): Judgement {
  if (outcome === 'delivered') return { id, outcome }
  const isTest = type === webhookTestType
  // A webhook whose receiver is gone is disabled; what is pending waits until an administrator enables or removes it.
  if (outcome === 'aborted' || (outcome === 'gone' && !isTest)) return { id, outcome: 'release' }
  const delay = isTest ? null : retryDelay(attempts + 1, { retryAfter, random })
  if (delay === null) return { id, outcome: 'dead', error }
  return { id, outcome: 'retry', dueAt: now + delay, error }
}
