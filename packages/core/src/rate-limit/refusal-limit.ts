import { createBoundedCache } from '../bounded-cache.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { isOpenWindow, type LimitedUse } from './limit-store.ts'
import { type LimitName, tooMany, usesFrom } from './limits.ts'

/** Upper limit of networks whose refusals are kept; beyond it the oldest are forgotten. */
const maxNetworks = 100_000
/** Upper limit of calls of a network that wait, as a multiple of the limit. */
const maxWaiting = 10
/** Past the limit, one call passes in as long as this many uses of the limit take. */
const slowdown = 10

interface RefusalWindow {
  refused: number
  readonly endsAt: number
  /** When the next call passes although the limit is reached. */
  nextAt: number
}

interface CallsInFlight {
  count: number
  readonly waiting: (() => void)[]
}

/**
 * Limits calls by how many of a network were refused, without a write: it is on the way of every sign-in, of which
 * hardly any is refused. A restart forgets the refusals of the last window.
 *
 * A call may still be refused while it is in flight, so calls in flight and refused ones together are at most the limit.
 * A call beyond that waits until another ends, and none is refused for calls that succeed. Once the limit is reached,
 * calls are refused with `rate_limited`, except for one every ten seconds (a tenth of the limit's rate): who is right
 * is known only after the call, and an owner behind the same address as an attacker must not be shut out.
 */
export function createRefusalLimit(
  ports: Pick<Ports, 'now' | 'policy'>,
  { name, isRefusal }: { name: LimitName; isRefusal: (error: unknown) => boolean },
): <T>(network: string, call: () => Promise<T>) => Promise<T> {
  const windows = createBoundedCache<RefusalWindow>({ most: maxNetworks })
  const inFlight = new Map<string, CallsInFlight>()

  const windowOf = (use: LimitedUse): RefusalWindow | null => {
    const window = windows.get(use.key)
    return window !== undefined && isOpenWindow(window.endsAt, use) ? window : null
  }
  /** How many calls may start before refusals could exceed the limit. */
  const roomOf = (use: LimitedUse): number =>
    use.limit - (windowOf(use)?.refused ?? 0) - (inFlight.get(use.key)?.count ?? 0)
  const isReached = (use: LimitedUse): boolean => (windowOf(use)?.refused ?? 0) >= use.limit

  /** Lets one call pass every `slowdown` uses. @throws Failure `rate_limited` for the others */
  const passSlowly = (reached: readonly LimitedUse[]): void => {
    for (const use of reached) {
      const { nextAt = 0, endsAt = 0 } = windowOf(use) ?? {}
      if (use.now < nextAt) throw tooMany(use, Math.min(nextAt, endsAt))
    }
    for (const use of reached) {
      const window = windowOf(use)
      if (window !== null) window.nextAt = use.now + slowInterval(use)
    }
  }

  /** Waits until a call ends. One that waited before keeps its place. @throws Failure `overloaded` */
  const waitFor = ({ key, limit }: LimitedUse, waitedBefore: boolean): Promise<void> => {
    const waiting = inFlight.get(key)?.waiting ?? []
    if (waiting.length >= limit * maxWaiting)
      throw new Failure('overloaded', { detail: 'calls of a network wait', retryAfter: 1 })
    return new Promise((resolve) => {
      if (waitedBefore) waiting.unshift(resolve)
      else waiting.push(resolve)
    })
  }
  const start = ({ key }: LimitedUse): void => {
    const calls = inFlight.get(key)
    if (calls === undefined) inFlight.set(key, { count: 1, waiting: [] })
    else calls.count += 1
  }
  /** Nearly every call: its network has few in flight, and none was refused. */
  const isQuiet = ({ key, limit }: LimitedUse): boolean =>
    windows.get(key) === undefined && (inFlight.get(key)?.count ?? 0) < limit
  /** Null where the call may start; otherwise what it has to wait for. @throws Failure `rate_limited`, `overloaded` */
  const enter = (uses: readonly LimitedUse[], waitedBefore: boolean): Promise<void> | null => {
    if (!uses.every(isQuiet)) {
      const reached = uses.filter(isReached)
      const busy = reached.length === 0 ? uses.find((use) => roomOf(use) <= 0) : undefined
      if (busy !== undefined) return waitFor(busy, waitedBefore)
      passSlowly(reached)
    }
    uses.forEach(start)
    return null
  }
  /** Ends a call, and wakes as many as may start now; all of them where they are to be refused. */
  const leave = (left: LimitedUse): void => {
    const calls = inFlight.get(left.key)
    if (calls === undefined) return
    calls.count -= 1
    if (calls.waiting.length > 0) {
      const use = { ...left, now: ports.now() }
      const woken = isReached(use) ? calls.waiting.length : Math.max(0, roomOf(use))
      for (const wake of calls.waiting.splice(0, woken)) wake()
    }
    if (calls.count === 0 && calls.waiting.length === 0) inFlight.delete(left.key)
  }
  const countRefusal = (use: LimitedUse): void => {
    const window = windowOf(use) ?? {
      refused: 0,
      endsAt: use.now + use.windowMs,
      nextAt: use.now,
    }
    window.refused += 1
    if (window.refused === use.limit) window.nextAt = use.now + slowInterval(use)
    windows.set(use.key, window)
  }

  return async (network, call) => {
    const usesNow = () => usesFrom(ports, name, network)
    let uses = usesNow()
    for (let wait = enter(uses, false); wait !== null; wait = enter(uses, true)) {
      await wait
      uses = usesNow()
    }
    try {
      return await call()
    } catch (error) {
      if (isRefusal(error)) usesNow().forEach(countRefusal)
      throw error
    } finally {
      uses.forEach(leave)
    }
  }
}

const slowInterval = ({ windowMs, limit }: LimitedUse): number => (windowMs * slowdown) / limit
