import { createBoundedCache } from '../bounded-cache.ts'
import { isOpenWindow, type LimitedUse } from './limit-store.ts'
import { tooMany } from './limits.ts'

/** Upper limit of networks whose refusals are kept; beyond it the oldest are forgotten. */
const maxNetworks = 100_000
/** Past the limit, one call passes in as long as this many uses of the limit take. */
const slowdown = 10

interface RefusalWindow {
  refused: number
  readonly endsAt: number
  /** When the next call passes although the limit is reached. */
  nextAt: number
}

/** Refused calls by network, in memory; a window starts with its first refusal. */
export interface RefusalWindows {
  /** Whether refusals of the network may be counted: false for nearly every network. */
  isKnown(use: LimitedUse): boolean
  /** How many calls were refused in the open window. */
  refused(use: LimitedUse): number
  count(use: LimitedUse): void
  /** Other processes have counted as many refusals as the limit allows, until then. */
  reach(use: LimitedUse, endsAt: number): void
  /** Lets one call pass in a while although the limits are reached. @throws Failure `rate_limited` for the others */
  passSlowly(reached: readonly LimitedUse[]): void
}

export function createRefusalWindows(): RefusalWindows {
  const windows = createBoundedCache<RefusalWindow>({ most: maxNetworks })
  const openWindow = (use: LimitedUse): RefusalWindow | null => {
    const window = windows.get(use.key)
    return window !== undefined && isOpenWindow(window.endsAt, use) ? window : null
  }
  return {
    isKnown: ({ key }) => windows.get(key) !== undefined,
    refused: (use) => openWindow(use)?.refused ?? 0,
    count(use) {
      const { now } = use
      const window = openWindow(use) ?? { refused: 0, endsAt: now + use.windowMs, nextAt: now }
      window.refused += 1
      if (window.refused === use.limit) window.nextAt = now + slowInterval(use)
      windows.set(use.key, window)
    },
    reach(use, endsAt) {
      if ((openWindow(use)?.refused ?? 0) >= use.limit) return
      windows.set(use.key, { refused: use.limit, endsAt, nextAt: use.now + slowInterval(use) })
    },
    passSlowly(reached) {
      for (const use of reached) {
        const { nextAt = 0, endsAt = 0 } = openWindow(use) ?? {}
        if (use.now < nextAt) throw tooMany(use, Math.min(nextAt, endsAt))
      }
      for (const use of reached) {
        const window = openWindow(use)
        if (window !== null) window.nextAt = use.now + slowInterval(use)
      }
    },
  }
}

const slowInterval = ({ windowMs, limit }: LimitedUse): number => (windowMs * slowdown) / limit
