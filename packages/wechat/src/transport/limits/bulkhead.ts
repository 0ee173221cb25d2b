import { unavailableError } from '../../wechat-error.ts'
import { type Deadline, timeoutError } from './deadline.ts'

/** Limits of a bulkhead. */
export interface BulkheadOptions {
  /** Upper limit of calls that run at the same time. */
  maxConcurrent: number
  /** Upper limit of calls that wait for a slot. */
  maxQueued: number
  /** ms. A call that waited longer is refused, because hardly any of its time is left. */
  maxWait: number
  /** The clock, ms since the epoch. */
  now: () => number
}

/** Limits the calls that run and wait, so that a slow WeChat cannot use up this process. */
export interface Bulkhead {
  /**
   * Runs `work` when a slot is free. Waiting calls start in the order in which they came, and leave the queue when
   * their deadline expires.
   *
   * @throws WechatError of kind `unavailable` when the queue is full, the wait was too long or the deadline expired
   */
  run<T>(deadline: Deadline, work: () => Promise<T>): Promise<T>
}

/** Creates a bulkhead with all slots free. */
export function createBulkhead(options: BulkheadOptions): Bulkhead {
  const { maxConcurrent, maxQueued, maxWait, now } = options
  // A set keeps the order of insertion and deletes any element in constant time.
  const waiting = new Set<() => void>()
  let running = 0

  function waitForSlot(deadline: Deadline): Promise<void> {
    return new Promise((resolve, reject) => {
      const removeListener = deadline.onExpire(() => {
        waiting.delete(start)
        reject(timeoutError())
      })
      const start = () => {
        removeListener()
        resolve()
      }
      waiting.add(start)
    })
  }

  /** Passes the slot to the first waiting call, or frees it. */
  function releaseSlot(): void {
    const [next] = waiting
    if (next === undefined) {
      running -= 1
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    async run(deadline, work) {
      const arrivedAt = now()
      if (running < maxConcurrent) running += 1
      else if (waiting.size >= maxQueued) throw overloadError()
      else await waitForSlot(deadline)
      try {
        if (now() - arrivedAt > maxWait) throw overloadError()
        return await work()
      } finally {
        releaseSlot()
      }
    },
  }
}

function overloadError() {
  return unavailableError('too many calls at once', 1)
}
