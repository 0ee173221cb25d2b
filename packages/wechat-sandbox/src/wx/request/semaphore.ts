/** Limits how many requests run at the same time. */
export interface Semaphore {
  /** Resolves with a function that releases the permit; rejects with the reason of an aborted `signal`. */
  acquire(signal: AbortSignal): Promise<() => void>
}

/** A counting semaphore that grants `limit` permits in FIFO order. */
export function createSemaphore(limit: number): Semaphore {
  let granted = 0
  const waiting: (() => void)[] = []

  function release(): void {
    granted -= 1
    waiting.shift()?.()
  }

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        const grant = (): void => {
          signal.removeEventListener('abort', cancel)
          granted += 1
          resolve(release)
        }
        const cancel = (): void => {
          const index = waiting.indexOf(grant)
          if (index >= 0) waiting.splice(index, 1)
          reject(signal.reason)
        }
        if (signal.aborted) return cancel()
        if (granted < limit) return grant()
        signal.addEventListener('abort', cancel, { once: true })
        waiting.push(grant)
      })
    },
  }
}
