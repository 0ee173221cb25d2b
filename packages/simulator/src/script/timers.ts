type Handle = ReturnType<typeof globalThis.setTimeout>

/** The timers of one launch. */
export interface Timers {
  /** `setTimeout`, `setInterval` and the functions that clear them. */
  globals: Record<string, unknown>
  /** Clears every timer, as when WeChat ends the process. */
  clear(): void
}

/** @param report gets the errors of timer callbacks */
export function createTimers(report: (error: unknown) => void): Timers {
  const running = new Set<Handle>()

  const guard = (callback: unknown, rest: unknown[]) => () => {
    try {
      if (typeof callback === 'function') callback(...rest)
    } catch (error) {
      report(error)
    }
  }
  const setTimeout = (callback: unknown, delay?: number, ...rest: unknown[]): Handle => {
    const handle = globalThis.setTimeout(() => {
      running.delete(handle)
      guard(callback, rest)()
    }, delay)
    running.add(handle)
    return handle
  }
  const setInterval = (callback: unknown, delay?: number, ...rest: unknown[]): Handle => {
    const handle = globalThis.setInterval(guard(callback, rest), delay)
    running.add(handle)
    return handle
  }
  const clearTimer = (handle: Handle | undefined): void => {
    if (handle !== undefined) running.delete(handle)
    globalThis.clearTimeout(handle)
  }

  return {
    globals: { setTimeout, setInterval, clearTimeout: clearTimer, clearInterval: clearTimer },
    clear() {
      for (const handle of running) globalThis.clearTimeout(handle)
      running.clear()
    },
  }
}
