/** One use of a limit, as the port of `core` has it. */
export interface CountedUse {
  readonly key: string
  readonly limit: number
  readonly windowMs: number
  readonly now: number
}

/** A call may count in a window that one opened which began that much later, in ms. */
const longestCall = 5_000

/** Windows of limits, counted by the sentences of the port alone. */
export interface LimitWindows {
  /** Counts one use of each key; or none, and returns when the last window ends that is full. */
  spend(uses: readonly CountedUse[]): { readonly endsAt: number } | null
  refund(uses: readonly Pick<CountedUse, 'key' | 'windowMs' | 'now'>[]): void
}

export function createLimitWindows(): LimitWindows {
  const windows = new Map<string, { count: number; endsAt: number }>()
  const open = ({ key, windowMs, now }: Pick<CountedUse, 'key' | 'windowMs' | 'now'>) => {
    const window = windows.get(key)
    const isOpen =
      window !== undefined && window.endsAt > now && window.endsAt <= now + windowMs + longestCall
    return isOpen ? window : null
  }
  return {
    spend(uses) {
      const full = uses.flatMap((use) => {
        const window = open(use)
        return window !== null && window.count >= use.limit ? [window.endsAt] : []
      })
      if (full.length > 0) return { endsAt: Math.max(...full) }
      for (const use of uses) {
        const { count, endsAt } = open(use) ?? { count: 0, endsAt: use.now + use.windowMs }
        windows.set(use.key, { count: count + 1, endsAt })
      }
      return null
    },
    refund(uses) {
      for (const use of uses) {
        const window = open(use)
        if (window === null) continue
        if (window.count === 1) windows.delete(use.key)
        else windows.set(use.key, { ...window, count: window.count - 1 })
      }
    },
  }
}
