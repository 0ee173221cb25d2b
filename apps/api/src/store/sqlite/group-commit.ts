import { Failure } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import { createCommitScheduler } from './commit-scheduler.ts'
import type { Snapshot } from './snapshot.ts'
import { createTransactions, type WrittenAtEnd } from './transactions.ts'

/** How long a write waits for another process's write, in ms: a caller who waits longer tries again anyway. */
const callWaitMs = 1_000

interface PendingWrite {
  readonly work: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly since: number
}

export interface GroupCommit {
  /**
   * Runs `work` in a transaction that holds the write lock from its start; resolves when it is on disk. Writes of
   * the same turn of the event loop, and of directly following turns with writes, share one commit. A `work` that
   * throws is rolled back alone; then all others run a second time, so `work` must be repeatable.
   *
   * @throws Failure `overloaded` when the database is locked or the disk is full
   */
  write<T>(work: () => T): Promise<T>
  /**
   * As `write`, for a write for which no caller waits: it joins the next commit, or gets its own after 25 ms. Every
   * commit blocks the event loop for as long as the disk takes.
   */
  writeLater<T>(work: () => T): Promise<T>
  /** As `write`, at once and alone, for the start and the end of the process. */
  writeNow<T>(work: () => T): T
  /** Commits all waiting writes at once. Blocks for another process's write as long as `busy_timeout` says. */
  flush(): void
  /** From now on writes of each kind wait as long for another process's write, in ms: for a process without callers. */
  waitForLocks(ms: number): void
}

interface CommitOptions {
  /** Is written at the end of each transaction. */
  readonly outbox?: WrittenAtEnd
  /** Gets the number of writes in a commit. */
  readonly onCommit?: (writes: number) => void
  /** Gets the error of each write that is not committed. */
  readonly onFailure?: (error: unknown) => void
}

/**
 * Creates the writer. With `synchronous=FULL` a commit waits for the disk, and that wait is nearly the whole cost
 * of a small write; sharing it lets concurrent sign-ins run as fast as the disk allows.
 */
export function createGroupCommit(
  sqlite: Sqlite.Database,
  snapshot: Snapshot,
  { outbox, onCommit = () => {}, onFailure = () => {} }: CommitOptions = {},
): GroupCommit {
  const transactions = createTransactions(sqlite, outbox)
  // better-sqlite3 would wait for another process's lock on the only thread, and readers would wait too.
  let blockingMs = sqlite.pragma('busy_timeout', { simple: true })
  let maxWaitMs = callWaitMs
  let waiting: PendingWrite[] = []
  const asFailure = (error: unknown): unknown => {
    onFailure(error)
    return toFailure(error)
  }

  const commit = (jobs: readonly PendingWrite[]): void => {
    snapshot.leave()
    const outcomes = transactions.many(jobs.map(({ work }) => work))
    onCommit(jobs.length)
    for (const [index, outcome] of outcomes.entries()) {
      const job = jobs[index]
      if ('error' in outcome) job?.reject(asFailure(outcome.error))
      else job?.resolve(outcome.result)
    }
  }
  /** Rejects the writes that may not wait any longer, and returns the others. */
  const rejectLate = (
    jobs: readonly PendingWrite[],
    error: unknown,
    since: number,
  ): PendingWrite[] => {
    const isLate = (job: PendingWrite) => !isBusy(error) || job.since <= since
    for (const job of jobs) if (isLate(job)) job.reject(asFailure(error))
    return jobs.filter((job) => !isLate(job))
  }
  const flush = (): void => {
    const jobs = waiting
    waiting = []
    try {
      if (jobs.length > 0) commit(jobs)
    } catch (error) {
      rejectLate(jobs, error, Number.POSITIVE_INFINITY)
    }
  }
  const flushOrRetry = (): void => {
    const jobs = waiting
    waiting = []
    if (jobs.length === 0) return
    try {
      // Not a prepared statement: SQLite applies this pragma when it compiles it.
      sqlite.exec('pragma busy_timeout = 0')
      commit(jobs)
    } catch (error) {
      waiting = rejectLate(jobs, error, performance.now() - maxWaitMs)
      if (waiting.length > 0) scheduler.retry()
    } finally {
      if (sqlite.open) sqlite.exec(`pragma busy_timeout = ${blockingMs}`)
    }
  }
  const scheduler = createCommitScheduler(flushOrRetry)
  const enqueue = <T>(work: () => T, when: 'soon' | 'later') =>
    new Promise<T>((resolve, reject) => {
      const since = performance.now()
      waiting.push({ work, resolve: (result) => resolve(result as T), reject, since })
      scheduler[when]()
    })
  return {
    flush,
    waitForLocks(ms) {
      blockingMs = ms
      maxWaitMs = ms
      sqlite.exec(`pragma busy_timeout = ${ms}`)
    },
    write: (work) => enqueue(work, 'soon'),
    writeLater: (work) => enqueue(work, 'later'),
    writeNow: <T>(work: () => T) => {
      try {
        snapshot.leave()
        const result = transactions.one(work) as T
        onCommit(1)
        return result
      } catch (error) {
        throw asFailure(error)
      }
    },
  }
}

/** SQLite's error codes after which a later try may succeed. */
const retryableCodes = ['SQLITE_BUSY', 'SQLITE_FULL']

const isBusy = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')

function toFailure(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  const { code } = error
  if (!retryableCodes.some((retryable) => code.startsWith(retryable))) return error
  return new Failure('overloaded', { detail: code, retryAfter: 1, cause: error })
}
