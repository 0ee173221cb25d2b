import type { PasswordCaller } from '@mianmi/core'
import { createWaitingCalls, type WaitingLimits } from './waiting-calls.ts'

export interface FairQueueOptions extends WaitingLimits {
  /** How many calls run at the same time. */
  readonly slots: number
}

export interface FairQueue {
  /**
   * Runs `work` when it is the caller's turn.
   *
   * @throws Failure `overloaded` where the queue is full by the caller's doing, the wait was too long, or the caller has
   * closed the connection
   */
  run<T>(caller: PasswordCaller, work: () => Promise<T>): Promise<T>
}

/**
 * Runs a limited number of calls at once. Those that wait take turns: the network that waits longest comes first, and of
 * its callers the one that waits longest, so a caller with many calls delays no other. Calls of one caller keep their
 * order. When the queue is full, the newest call of whom it is full of gives way.
 */
export function createFairQueue({ slots, ...limits }: FairQueueOptions): FairQueue {
  const waiting = createWaitingCalls(limits)
  let running = 0
  return {
    async run(caller, work) {
      if (running < slots) running += 1
      else await waiting.wait(caller)
      try {
        return await work()
      } finally {
        if (!waiting.startNext()) running -= 1
      }
    },
  }
}
