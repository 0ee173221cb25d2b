import type { GeneralComponent } from 'glass-easel'

/**
 * The lifetime `ready` of components, the one that the renderer leaves to others: those of a new
 * page wait until the page was shown, later ones until the current task ends.
 */
export interface ReadyQueue {
  add(component: GeneralComponent): void
  hold(): void
  release(): void
}

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
