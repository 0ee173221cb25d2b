import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { LimitedUse, LimitStore } from './limit-store.ts'
import { type LimitName, usesFrom } from './limits.ts'
import { createRefusalWindows, type RefusalWindows } from './refusal-windows.ts'

/** Upper limit of calls of a network that wait, as a multiple of the limit. */
const maxWaiting = 10

interface NetworkCalls {
  running: number
  readonly waiting: (() => void)[]
}

/**
 * Limits calls by how many of a network were refused, without a write: it is on the way of every sign-in, of which
 * hardly any is refused. A restart forgets the refusals of the last window.
 *
 * Where several processes share the store, refusals are counted there too, and a process learns by its next refusal that
 * the others have reached the limit: together they refuse as many as the limit and one more each. What is under way at the same
 * moment is not counted yet, so of one burst each process may let the limit through.
 *
 * A running call may still be refused, so running and refused calls together are at most the limit. A call beyond that
 * waits until another ends, and none is refused for calls that succeed. Once the limit is reached, calls are refused with
 * `rate_limited`, except for the first in every ten seconds (a tenth of the limit's rate): who is right is known only
 * after the call, so an owner behind the same address as an attacker competes with it, but needs not wait for the window
 * to end once it has stopped.
 */
export function createRefusalLimit(
  ports: Pick<Ports, 'limits' | 'now' | 'policy'>,
  { name, isRefusal }: { name: LimitName; isRefusal: (error: unknown) => boolean },
): <T>(network: string, call: () => Promise<T>) => Promise<T> {
  const windows = createRefusalWindows()
  const calls = createNetworkCalls(ports, windows)
  return async (network, call) => {
    const usesNow = () => usesFrom(ports, name, network)
    let uses = usesNow()
    for (let wait = calls.enter(uses); wait !== null; wait = calls.enter(uses)) {
      await wait
      uses = usesNow()
    }
    try {
      return await call()
    } catch (error) {
      if (isRefusal(error)) {
        const refused = usesNow()
        refused.forEach(windows.count)
        if (ports.limits.isShared) await countShared(ports.limits, windows, refused)
      }
      throw error
    } finally {
      uses.forEach(calls.leave)
    }
  }
}

/** A store that is away counts nothing: the caller gets the refusal, which is the answer to the call. */
async function countShared(
  limits: LimitStore,
  windows: RefusalWindows,
  uses: readonly LimitedUse[],
): Promise<void> {
  for (const use of uses) {
    const reached = await limits.spend(use).catch(() => null)
    if (reached !== null) windows.reach(use, reached.endsAt)
  }
}

/** The calls that run and wait, by network. A network without calls takes no memory. */
export function createNetworkCalls(ports: Pick<Ports, 'now'>, windows: RefusalWindows) {
  const networks = new Map<string, NetworkCalls>()
  const runningOf = ({ key }: LimitedUse): number => networks.get(key)?.running ?? 0
  const isReached = (use: LimitedUse): boolean => windows.refused(use) >= use.limit
  /** How many calls may start before refusals could exceed the limit. */
  const roomOf = (use: LimitedUse): number => use.limit - windows.refused(use) - runningOf(use)
  /** Nearly every call: its network has few running calls, and none was refused. */
  const isQuiet = (use: LimitedUse): boolean => !windows.isKnown(use) && runningOf(use) < use.limit

  const start = ({ key }: LimitedUse): void => {
    const known = networks.get(key)
    if (known === undefined) networks.set(key, { running: 1, waiting: [] })
    else known.running += 1
  }
  /** Waits until a call ends. @throws Failure `overloaded` */
  const waitFor = ({ key, limit }: LimitedUse): Promise<void> => {
    const waiting = networks.get(key)?.waiting ?? []
    if (waiting.length >= limit * maxWaiting)
      throw new Failure('overloaded', { detail: 'calls of a network wait', retryAfter: 1 })
    return new Promise((resolve) => waiting.push(resolve))
  }
  return {
    /** How many networks have calls. */
    size: (): number => networks.size,
    /** Null where the call may start; otherwise what it has to wait for. @throws Failure `rate_limited`, `overloaded` */
    enter(uses: readonly LimitedUse[]): Promise<void> | null {
      if (!uses.every(isQuiet)) {
        const reached = uses.filter(isReached)
        const busy = reached.length === 0 ? uses.find((use) => roomOf(use) <= 0) : undefined
        if (busy !== undefined) return waitFor(busy)
        windows.passSlowly(reached)
      }
      uses.forEach(start)
      return null
    },
    /** Ends a call, and wakes as many as may start now; all of them where they are to be refused. */
    leave(left: LimitedUse): void {
      const known = networks.get(left.key)
      if (known === undefined) return
      known.running -= 1
      if (known.waiting.length > 0) {
        const use = { ...left, now: ports.now() }
        const woken = isReached(use) ? known.waiting.length : Math.max(0, roomOf(use))
        for (const wake of known.waiting.splice(0, woken)) wake()
      }
      if (known.running === 0 && known.waiting.length === 0) networks.delete(left.key)
    },
  }
}
