import { Failure, type PasswordCaller } from '@mianmi/core'
import { createTurns } from './turns.ts'

export interface WaitingLimits {
  /** Upper limit of calls that wait. */
  readonly maxWaiting: number
  /** Upper limit of calls of one caller that wait. */
  readonly maxWaitingOfCaller: number
  /** How long a call waits at most, in ms. Its caller has given up by then. */
  readonly maxWaitMs: number
}

interface WaitingCall {
  readonly caller: PasswordCaller
  readonly expiresAt: number
  start(): void
  refuse(detail: string): void
}

/** The calls that wait for a slot. */
export interface WaitingCalls {
  /** Resolves when it is the caller's turn. @throws Failure `overloaded` */
  wait(caller: PasswordCaller): Promise<void>
  /** Starts the call whose turn it is; false where none waits. */
  startNext(): boolean
}

export function createWaitingCalls(limits: WaitingLimits): WaitingCalls {
  /** In the order in which they came. */
  const waiting = new Set<WaitingCall>()
  const turns = createTurns<WaitingCall>()
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
  /** @throws Failure where the call itself has to give way */
  const makeRoomFor = (caller: PasswordCaller): void => {
    if (turns.countOf(caller) >= limits.maxWaitingOfCaller)
      throw refusal('password queue of caller')
    if (waiting.size < limits.maxWaiting) return
    for (const call of waiting) if (call.caller.isGone?.()) drop(call, callerIsGone)
    if (waiting.size < limits.maxWaiting) return
    const newest = turns.newestOfMost(caller)
    if (newest === null) throw refusal('password queue')
    drop(newest, 'password queue')
  }
  return {
    wait: (caller) =>
      new Promise((resolve, reject) => {
        makeRoomFor(caller)
        const call: WaitingCall = {
          caller,
          expiresAt: performance.now() + limits.maxWaitMs,
          start: resolve,
          refuse: (detail) => reject(refusal(detail)),
        }
        waiting.add(call)
        turns.add(call)
        setTimer()
      }),
    startNext() {
      for (let next = turns.next(); next !== null; next = turns.next()) {
        waiting.delete(next)
        if (!next.caller.isGone?.()) {
          next.start()
          return true
        }
        next.refuse(callerIsGone)
      }
      return false
    },
  }
}

const callerIsGone = 'the caller is gone'
const refusal = (detail: string): Failure => new Failure('overloaded', { detail, retryAfter: 2 })
