import { unavailable, type WechatError } from '../wechat-error.ts'

/** One time limit over all the steps of one call. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Waits for work that may outlive this deadline, such as work shared with other calls. */
  wait<T>(other: Promise<T>): Promise<T>
}

/** Runs `work` under a total limit of `ms` milliseconds; the timer never outlives the work. */
export async function within<T>(ms: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), ms)
  const wait = <S>(other: Promise<S>): Promise<S> =>
    new Promise((resolve, reject) => {
      other.then(resolve, reject)
      if (signal.aborted) reject(tooSlow())
      signal.addEventListener('abort', () => reject(tooSlow()), { once: true })
    })
  try {
    return await work({ signal, wait })
  } finally {
    clearTimeout(timer)
  }
}

export function tooSlow(): WechatError {
  return unavailable('timeout')
}
