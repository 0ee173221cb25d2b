import { unavailableError, type WechatError } from '../../wechat-error.ts'

/**
 * One time limit for all the steps of one call. An AbortSignal could do the same, but it is an EventTarget: creating
 * one and listening to it took 3 % of a whole sign-in.
 */
export interface Deadline {
  /** Whether the time limit has passed. */
  hasExpired(): boolean
  /** Calls `listener` once when the limit passes, and returns how to remove it. After that moment it is never called. */
  onExpire(listener: () => void): () => void
  /**
   * Settles as `work` does, or rejects with a timeout error when the limit passes first. `work` goes on: other calls
   * may share it.
   */
  race<T>(work: Promise<T>): Promise<T>
}

/** Creates a deadline that expires when `expire` is called. */
export function createDeadline(): Deadline & { readonly expire: () => void } {
  const listeners = new Set<() => void>()
  let hasExpired = false
  const onExpire = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    hasExpired: () => hasExpired,
    onExpire,
    race: (work) =>
      new Promise((resolve, reject) => {
        work.then(resolve, reject)
        const rejectLate = (): void => reject(timeoutError())
        if (hasExpired) rejectLate()
        else onExpire(rejectLate)
      }),
    expire: () => {
      hasExpired = true
      for (const listener of listeners) listener()
      listeners.clear()
    },
  }
}

/** Runs `work` with a time limit of `ms` milliseconds, and clears the timer when the work ends. */
export async function withDeadline<T>(
  ms: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = createDeadline()
  const timer = setTimeout(deadline.expire, ms)
  try {
    return await work(deadline)
  } finally {
    clearTimeout(timer)
  }
}

/** The error of a call that took longer than its time limit. */
export function timeoutError(): WechatError {
  return unavailableError('timeout')
}
