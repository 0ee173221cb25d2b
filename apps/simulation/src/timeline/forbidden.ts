const forbidden = ['setTimeout', 'setInterval', 'setImmediate'] as const

/**
 * Runs `work` while the clock, the timers and the chance of the machine throw when they are used: a run that reads them
 * would not be the same the next time. The run is synchronous, so nothing else is disturbed.
 */
export function withoutMachine<T>(work: () => T): T {
  const kept = { now: Date.now, random: Math.random, performance: performance.now }
  const timers = forbidden.map((name) => globalThis[name])
  const refuse = (name: string) => () => {
    throw new Error(`${name} was used in a run`)
  }
  Date.now = refuse('Date.now')
  Math.random = refuse('Math.random')
  performance.now = refuse('performance.now')
  for (const name of forbidden) globalThis[name] = refuse(name) as never
  try {
    return work()
  } finally {
    Date.now = kept.now
    Math.random = kept.random
    performance.now = kept.performance
    forbidden.forEach((name, index) => {
      globalThis[name] = timers[index] as never
    })
  }
}
