import type { Queries } from '../connection/index.ts'

/** The bounds between which the time is, in ms since the epoch, as far as is known. */
export interface ObservedTime {
  /** What has not expired by then is not deleted. */
  readonly earliest: number
  /** What lies beyond was written by a clock that was ahead. */
  readonly latest: number
}

export interface ObservedClock {
  observe(now: number): ObservedTime
}

/** How many times as fast as time passes the observed time follows the clock. */
const rate = 10
/** Time between two writes of the observed time, in ms. */
const storeEveryMs = 60_000

interface ObservedClockOptions {
  readonly reads: Queries
  readonly writes: Queries
  readonly onError: (error: unknown) => void
  /** A time in ms that no setting of the clock changes. Default: `performance.now`. */
  readonly uptime?: () => number
}

/**
 * Follows the clock, at most ten times as fast as the process runs: a clock that is wrong for a moment must not delete
 * what is kept for days. The observed time is stored, because a wrong clock often is one at a start; all nodes store it in
 * one row, which the last of them has written.
 */
export async function openObservedClock({
  reads,
  writes,
  onError,
  uptime = () => performance.now(),
}: ObservedClockOptions): Promise<ObservedClock> {
  const stored = await reads.first<{ at: number }>('select at from observed_time where id = 1')
  let observed = stored === null ? null : { at: stored.at, uptime: uptime() }
  let storedAt = Number.NEGATIVE_INFINITY
  return {
    observe(now) {
      const current = uptime()
      observed ??= { at: now, uptime: current }
      observed = { at: follow(observed.at, now, current - observed.uptime), uptime: current }
      if (current - storedAt >= storeEveryMs) {
        storedAt = current
        writes.run(store, [observed.at]).catch(onError)
      }
      return { earliest: Math.min(now, observed.at), latest: Math.max(now, observed.at) }
    },
  }
}

const store = `insert into observed_time (id, at) values (1, $1)
on conflict (id) do update set at = excluded.at`

function follow(observed: number, now: number, elapsed: number): number {
  const most = Math.round(elapsed * rate)
  return Math.min(Math.max(now, observed - most), observed + most)
}
