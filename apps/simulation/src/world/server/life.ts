import type { World } from '../world.ts'
import type { Life } from './service.ts'

/** Shared: a promise that is resolved keeps nothing that waited for it. */
const ready: Promise<void> = Promise.resolve()
/** A promise of its own each time: what waits for one that is shared, and so the whole run, is never collected. */
const never = (): Promise<void> => new Promise(() => {})

export function createLife(world: World, node: string, onEnd: () => void): Life {
  let isOver = false
  let left = Number.POSITIVE_INFINITY
  const end = (): void => {
    if (isOver) return
    isOver = true
    onEnd()
  }
  const goOn = (): Promise<void> | undefined => (isOver ? never() : undefined)
  const spend = (ms: number): Promise<void> => {
    if (isOver) return never()
    left -= 1
    if (left <= 0) {
      end()
      return never()
    }
    return ms > 0 ? world.timeline.pause(ms).then(goOn) : ready
  }
  return {
    node,
    get isOver() {
      return isOver
    },
    end,
    endIn(moments) {
      left = moments
    },
    spend,
    pass: () => spend(world.random.chance(world.noise.pause) ? world.random.between(1, 40) : 0),
  }
}
