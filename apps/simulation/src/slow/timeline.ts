import type { Timeline } from '../timeline/timeline.ts'

/** The time of a world whose nodes are real processes. */
export interface RealTimeline extends Timeline {
  /** How many times as fast as real time the world runs from now on. */
  setSpeed(speed: number): void
  /** Whether nothing is still to happen. */
  readonly isIdle: boolean
  /** Cancels what has not happened yet. */
  stop(): void
}

/** How much faster than the nodes the world runs, so that its time-outs of a minute take 3 s. */
export const worldSpeed = 20
/** In a run of half a minute the world's clock goes from this far behind the nodes' to as far ahead, in ms. */
const clockLead = -250_000
/** No event is longer away than this, in ms of the world: 2.5 s while it runs fast. */
const longestWait = 50_000

/** @param onError is called with what an event throws */
export function createRealTimeline(onError: (error: unknown) => void): RealTimeline {
  let speed = worldSpeed
  let since = { real: performance.now(), world: Date.now() + clockLead }
  let count = 0
  const waiting = new Set<NodeJS.Timeout>()
  const now = (): number => Math.round(since.world + (performance.now() - since.real) * speed)
  const after = (delay: number, run: () => void): (() => void) => {
    const timer = setTimeout(
      () => {
        waiting.delete(timer)
        count += 1
        try {
          run()
        } catch (error) {
          onError(error)
        }
      },
      Math.min(Math.max(0, delay), longestWait) / speed,
    )
    waiting.add(timer)
    return () => {
      waiting.delete(timer)
      clearTimeout(timer)
    }
  }
  return {
    get now() {
      return now()
    },
    get count() {
      return count
    },
    after,
    soon: (run) => void setImmediate(run),
    pause: (delay) => new Promise((resolve) => after(delay, resolve)),
    // What an action of virtual time skips takes no time here.
    runUntil: () => {},
    setSpeed(next) {
      since = { real: performance.now(), world: now() }
      speed = next
    },
    get isIdle() {
      return waiting.size === 0
    },
    stop() {
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
    },
  }
}
