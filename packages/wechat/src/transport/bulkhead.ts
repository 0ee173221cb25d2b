import { unavailable } from '../wechat-error.ts'
import { type Deadline, tooSlow } from './deadline.ts'

export interface BulkheadOptions {
  /** Calls at once. */
  limit: number
  /** Calls that may wait for a place. */
  queue: number
  /** ms; whoever waited longer is refused rather than sent with hardly any time left. */
  maxWait: number
  /** ms since the epoch */
  now: () => number
}

/** Keeps a slow WeChat from taking all of the process: beyond the queue, calls are refused at once. */
export interface Bulkhead {
  /** Rejects with `unavailable`; leaves the queue when the deadline is over. */
  run<T>(deadline: Deadline, work: () => Promise<T>): Promise<T>
}

export function createBulkhead({ limit, queue, maxWait, now }: BulkheadOptions): Bulkhead {
  // A set keeps its order and lets go of any element at once.
  const waiting = new Set<() => void>()
  let running = 0

  function turn(deadline: Deadline): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopListening = deadline.onOver(() => {
        waiting.delete(start)
        reject(tooSlow())
      })
      const start = () => {
        stopListening()
        resolve()
      }
      waiting.add(start)
    })
  }

  function handOn(): void {
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
      const cameAt = now()
      if (running < limit) running += 1
      else if (waiting.size >= queue) throw crowded()
      else await turn(deadline)
      try {
        if (now() - cameAt > maxWait) throw crowded()
        return await work()
      } finally {
        handOn()
      }
    },
  }
}

function crowded() {
  return unavailable('too many calls at once', 1)
}
