import { Failure } from '@mianmi/core'

export interface Queue {
  /** Runs `work` when its turn comes. @throws Failure `overloaded` at once where too many wait already */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** At most `atOnce` run and `waiting` wait; whoever comes beyond that is told to come back. */
export function createQueue({ atOnce, waiting }: { atOnce: number; waiting: number }): Queue {
  const turns: (() => void)[] = []
  let running = 0
  return {
    async run(work) {
      if (running >= atOnce) {
        if (turns.length >= waiting)
          throw new Failure('overloaded', { detail: 'password queue', retryAfter: 2 })
        await new Promise<void>((resolve) => turns.push(resolve))
      } else running += 1
      try {
        return await work()
      } finally {
        const next = turns.shift()
        // A turn is handed on, so that nobody slips in between.
        if (next) next()
        else running -= 1
      }
    },
  }
}
