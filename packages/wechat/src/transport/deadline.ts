import { unavailable, type WechatError } from '../wechat-error.ts'

/**
 * One time limit over all the steps of one call. An AbortSignal would do as well, but it is an EventTarget: to
 * make one and listen to it took 3 % of a whole sign-in.
 */
export interface Deadline {
  isOver(): boolean
  /** Calls `listener` when it is over, and answers how to stop that. Later than that it is never called. */
  onOver(listener: () => void): () => void
  /** Waits for work that may outlive this deadline, such as work shared with other calls. */
  wait<T>(other: Promise<T>): Promise<T>
}

export function createDeadline(): Deadline & { readonly pass: () => void } {
  const listeners = new Set<() => void>()
  let isOver = false
  const onOver = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    isOver: () => isOver,
    onOver,
    wait: (other) =>
      new Promise((resolve, reject) => {
        other.then(resolve, reject)
        const refuse = (): void => reject(tooSlow())
        if (isOver) refuse()
        else onOver(refuse)
      }),
    pass: () => {
      isOver = true
      for (const listener of listeners) listener()
      listeners.clear()
    },
  }
}

/** Runs `work` under a total limit of `ms` milliseconds; the timer never outlives the work. */
export async function within<T>(ms: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = createDeadline()
  const timer = setTimeout(deadline.pass, ms)
  try {
    return await work(deadline)
  } finally {
    clearTimeout(timer)
  }
}

export function tooSlow(): WechatError {
  return unavailable('timeout')
}
