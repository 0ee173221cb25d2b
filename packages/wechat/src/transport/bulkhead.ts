import { unavailable } from '../wechat-error.ts'
import { tooSlow } from './deadline.ts'

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
  /** Rejects with `unavailable`; leaves the queue when `signal` aborts. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function createBulkhead({ limit, queue, maxWait, now }: BulkheadOptions): Bulkhead {
  // A set keeps its order and lets go of any element at once.
  const waiting = new Set<() => void>()
  let running = 0

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.delete(start)
        reject(tooSlow())
      }
      signal.addEventListener('abort', leave, { once: true })
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
    async run(signal, work) {
      const cameAt = now()
      if (running < limit) running += 1
      else if (waiting.size >= queue) throw crowded()
      else await turn(signal)
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
