import type { Database as Sqlite } from 'better-sqlite3'

/** The bounds between which the time is, in ms since the epoch, as far as is known. */
export interface ObservedTime {
  /** What has not expired by then is not deleted. */
  readonly earliest: number
  /** What lies beyond was written by a clock that was ahead. */
  readonly latest: number
}

export interface ObservedClock {
  /** Call it inside a transaction. */
  observe(now: number): ObservedTime
}

/** How many times as fast as time passes the observed time follows the clock. */
const rate = 10
/** Time between two writes of the observed time, in ms. */
const storeEveryMs = 60_000

interface Observation {
  readonly at: number
  readonly uptime: number
}

/**
 * Follows the clock, at most ten times as fast as the process runs. A clock that is wrong for seconds moves it by
 * seconds, so that what is kept for days is not deleted for it; after a week without a running service it is right
 * again within 17 hours, and until then expired rows stay. Stored, because a wrong clock often is one at a start.
 *
 * @param uptime a time in ms that no setting of the clock changes
 */
export function createObservedClock(
  sqlite: Sqlite,
  uptime = (): number => performance.now(),
): ObservedClock {
  // Prepared at the first use: the table may be missing until then.
  let rows: ReturnType<typeof prepareRows> | null = null
  let observed: Observation | null = null
  let storedAt = Number.NEGATIVE_INFINITY
  return {
    observe(now) {
      rows ??= prepareRows(sqlite)
      const current = uptime()
      observed ??= { at: rows.find() ?? now, uptime: current }
      observed = { at: follow(observed.at, now, current - observed.uptime), uptime: current }
      if (current - storedAt >= storeEveryMs) {
        rows.store(observed.at)
        storedAt = current
      }
      return { earliest: Math.min(now, observed.at), latest: Math.max(now, observed.at) }
    },
  }
}

function follow(observed: number, now: number, elapsed: number): number {
  const most = Math.round(elapsed * rate)
  return Math.min(Math.max(now, observed - most), observed + most)
}

/** Where nothing is stored yet, the newest line of the audit log was an observation. */
function prepareRows(sqlite: Sqlite) {
  const find = sqlite
    .prepare<[], number | null>(
      `select coalesce((select at from observed_time where id = 1),
         (select at from audit_events order by id desc limit 1))`,
    )
    .pluck()
  const store = sqlite.prepare<[number]>(
    `insert into observed_time (id, at) values (1, ?)
     on conflict do update set at = excluded.at`,
  )
  return {
    find: (): number | null => find.get() ?? null,
    store: (at: number): void => void store.run(at),
  }
}
