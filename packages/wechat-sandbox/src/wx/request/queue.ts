export interface Queue {
  /** Resolves with the way out once there is room; rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** Lets `limit` in at a time, in the order they came. */
export function createQueue(limit: number): Queue {
  let inside = 0
  const waiting: (() => void)[] = []

  function leave(): void {
    inside -= 1
    waiting.shift()?.()
  }

  return {
    enter(signal) {
      return new Promise((resolve, reject) => {
        const admit = (): void => {
          signal.removeEventListener('abort', giveUp)
          inside += 1
          resolve(leave)
        }
        const giveUp = (): void => {
          const place = waiting.indexOf(admit)
          if (place >= 0) waiting.splice(place, 1)
          reject(signal.reason)
        }
        if (signal.aborted) return giveUp()
        if (inside < limit) return admit()
        signal.addEventListener('abort', giveUp, { once: true })
        waiting.push(admit)
      })
    },
  }
}
