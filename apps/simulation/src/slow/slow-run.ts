import type { ProcessConsole } from './console.ts'
import type { ProcessNode } from './service-node.ts'
import type { RealWorld } from './world.ts'

/** A run that is under way. */
export interface SlowRun {
  readonly world: RealWorld
  readonly nodes: readonly ProcessNode[]
  readonly console: ProcessConsole
  /** Reads the database while nothing happens, and holds what was done since against the sentences. */
  look(): Promise<void>
  isOver(): boolean
}
