import { isOpenWindow, type LimitedUse, type LimitStore } from '../../../src/index.ts'
import type { LimitWindow, MemoryState } from '../state.ts'

/** Counts every use at once, whatever `unwritten` allows to leave out. */
export function createLimitStore(state: MemoryState): LimitStore {
  return {
    isShared: false,

    spend: async (...uses) => spendUses(state, uses),

    async refund(...uses) {
      for (const use of uses) {
        const window = openWindow(state, use)
        if (window === null) continue
        if (window.count === 1) state.limits.delete(use.key)
        else state.limits.set(use.key, { ...window, count: window.count - 1 })
      }
    },
  }
}

/** Counts the uses and returns null; past the limit of one it counts none and returns when its window ends. */
export function spendUses(
  state: MemoryState,
  uses: readonly LimitedUse[],
): { endsAt: number } | null {
  const ends = uses.flatMap((use) => {
    const window = openWindow(state, use)
    return window !== null && window.count >= use.limit ? [window.endsAt] : []
  })
  if (ends.length > 0) return { endsAt: Math.max(...ends) }
  for (const use of uses) {
    const { count, endsAt } = openWindow(state, use) ?? {
      count: 0,
      endsAt: use.now + use.windowMs,
    }
    state.limits.set(use.key, { count: count + 1, endsAt })
  }
  return null
}

function openWindow(
  state: MemoryState,
  use: Pick<LimitedUse, 'key' | 'windowMs' | 'now'>,
): LimitWindow | null {
  const window = state.limits.get(use.key)
  return window !== undefined && isOpenWindow(window.endsAt, use) ? window : null
}
