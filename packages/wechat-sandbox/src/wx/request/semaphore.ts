export interface Semaphore {
  /** Resolves with the way out once there is room; rejects with the signal's reason. */
  acquire(signal: AbortSignal): Promise<() => void>
}

/** Lets `limit` in at a time, in the order they came. */
export function createSemaphore(limit: number): Semaphore {
  let held = 0
  const waiting: (() => void)[] = []

  function release(): void {
    held -= 1
    waiting.shift()?.()
  }

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        const grant = (): void => {
          signal.removeEventListener('abort', giveUp)
          held += 1
          resolve(release)
        }
        const giveUp = (): void => {
          const place = waiting.indexOf(grant)
          if (place >= 0) waiting.splice(place, 1)
          reject(signal.reason)
        }
        if (signal.aborted) return giveUp()
        if (held < limit) return grant()
        signal.addEventListener('abort', giveUp, { once: true })
        waiting.push(grant)
      })
    },
  }
}
