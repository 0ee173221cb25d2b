import type { Observer } from '../world/observers.ts'
import type { World } from '../world/world.ts'

/** A sentence that holds at every step of every run. */
export interface Invariant {
  /** Short name, in messages and tables. */
  readonly name: string
  readonly sentence: string
  /** Whether it sees the oracle as it was before a verb, or as it is after it. */
  readonly sees: 'before' | 'after'
  watch(world: World, fail: (detail: string) => void): Observer
}
