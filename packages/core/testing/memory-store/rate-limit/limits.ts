import type { LimitedUse, LimitStore } from '../../../src/index.ts'
import type { MemoryState } from '../state.ts'

/** Counts every use at once, whatever `unwritten` allows to leave out. */
export function createLimitStore(state: MemoryState): LimitStore {
  return {
    spend: async (use) => spendUse(state, use),

    async refund(key) {
      const window = state.limits.get(key)
      if (window === undefined || window.count === 0) return
      state.limits.set(key, { ...window, count: window.count - 1 })
    },
  }
}

/** Counts a use and returns null; past the limit it counts nothing and returns when the window ends. */
export function spendUse(
  state: MemoryState,
  { key, limit, windowMs, now }: LimitedUse,
): { endsAt: number } | null {
  const known = state.limits.get(key)
  const window =
    known !== undefined && known.endsAt > now ? known : { count: 0, endsAt: now + windowMs }
  if (window.count >= limit) return { endsAt: window.endsAt }
  state.limits.set(key, { ...window, count: window.count + 1 })
  return null
}
