/**
 * Waits for `ms`, and then until the requests in the sockets were read: a turn of the event loop runs its timers, reads
 * the sockets, and then runs what was set for `setImmediate`.
 */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(() => setImmediate(resolve), ms)
  })
