import type { GeneralComponent } from 'glass-easel'

/**
 * Triggers the lifetime `ready` of components, which the renderer does not. The components of a new
 * page wait until the page is shown, later ones until the end of the current task.
 */
export interface ReadyQueue {
  /** Adds a component. */
  add(component: GeneralComponent): void
  /** Makes components wait until `release`. */
  hold(): void
  /** Triggers `ready` of all waiting components. */
  release(): void
}

/** Creates an empty queue. */
export function createReadyQueue(): ReadyQueue {
  let waiting: GeneralComponent[] = []
  let isHeld = false

  const flush = (): void => {
    if (isHeld) return
    const batch = waiting
    waiting = []
    for (const component of batch) component.triggerLifetime('ready', [])
  }
  return {
    add(component) {
      waiting.push(component)
      if (waiting.length === 1) void Promise.resolve().then(flush)
    },
    hold() {
      isHeld = true
    },
    release() {
      isHeld = false
      flush()
    },
  }
}
