import { Failure, type PasswordCaller } from '@mianmi/core'
import { createTurns } from './turns.ts'

export interface FairQueueOptions {
  /** How many calls run at the same time. */
  readonly slots: number
  /** Upper limit of calls that wait. */
  readonly maxWaiting: number
  /** Upper limit of calls of one caller that wait. */
  readonly maxWaitingOfCaller: number
  /** How long a call waits at most, in ms. Its caller has given up by then. */
  readonly maxWaitMs: number
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

interface WaitingCall {
  readonly caller: PasswordCaller
  readonly expiresAt: number
  start(): void
  refuse(detail: string): void
}

/**
 * Runs a limited number of calls at once. Those that wait take turns: the network that waits longest comes first, and of
 * its callers the one that waits longest, so a caller with many calls delays no other. Calls of one caller keep their
 * order. When the queue is full, the newest call of whom it is full of gives way.
 */
export function createFairQueue(options: FairQueueOptions): FairQueue {
  const { slots, maxWaitMs } = options
  /** In the order in which they came. */
  const waiting = new Set<WaitingCall>()
  const turns = createTurns<WaitingCall>()
  let running = 0
  let timer: NodeJS.Timeout | undefined

  const drop = (call: WaitingCall, detail: string): void => {
    waiting.delete(call)
    turns.remove(call)
    call.refuse(detail)
  }
  const dropExpired = (): void => {
    timer = undefined
    const now = performance.now()
    for (const call of waiting) {
      if (call.expiresAt > now) break
      drop(call, 'waited too long for a password thread')
    }
    setTimer()
  }
  const setTimer = (): void => {
    const [oldest] = waiting
    if (oldest === undefined || timer !== undefined) return
    timer = setTimeout(dropExpired, Math.max(1, oldest.expiresAt - performance.now())).unref()
  }
  /** Makes room for a call. @throws Failure where the call itself has to give way */
  const makeRoom = (caller: PasswordCaller): void => {
    if (turns.countOf(caller) >= options.maxWaitingOfCaller)
      throw refusal('password queue of caller')
    if (waiting.size < options.maxWaiting) return
    for (const call of waiting) if (call.caller.isGone?.()) drop(call, 'the caller is gone')
    if (waiting.size < options.maxWaiting) return
    const newest = turns.newestOfMost(caller)
    if (newest === null) throw refusal('password queue')
    drop(newest, 'password queue')
  }
  const startNext = (): void => {
    for (let next = turns.next(); next !== null; next = turns.next()) {
      waiting.delete(next)
      if (next.caller.isGone?.()) next.refuse('the caller is gone')
      else {
        next.start()
        return
      }
    }
    running -= 1
  }
  const wait = (caller: PasswordCaller): Promise<void> =>
    new Promise((resolve, reject) => {
      makeRoom(caller)
      const call: WaitingCall = {
        caller,
        expiresAt: performance.now() + maxWaitMs,
        start: resolve,
        refuse: (detail) => reject(refusal(detail)),
      }
      waiting.add(call)
      turns.add(call)
      setTimer()
    })
  return {
    async run(caller, work) {
      if (running < slots) running += 1
      else await wait(caller)
      try {
        return await work()
      } finally {
        startNext()
      }
    },
  }
}

const refusal = (detail: string): Failure => new Failure('overloaded', { detail, retryAfter: 2 })
