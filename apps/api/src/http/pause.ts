import { setImmediate, setTimeout } from 'node:timers/promises'

/**
 * Waits for `ms`, and then until the requests that arrived meanwhile have begun: a turn of the event loop runs its
 * timers, reads the sockets, and then runs what was set for `setImmediate`. A connection that was accepted in one turn
 * is read in the next.
 */
export async function pause(ms: number): Promise<void> {
  await setTimeout(ms)
  await setImmediate()
  await setImmediate()
}
