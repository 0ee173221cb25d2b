import { Failure } from '@mianmi/core'
import Sqlite from 'better-sqlite3'
import { createCommitTime } from './commit-time.ts'
import type { Snapshot } from './snapshot.ts'
import { createTransactions } from './transactions.ts'

/** How long a write waits for another process's write, in ms. */
const patienceMs = 1_000

interface Job {
  readonly work: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly since: number
}

export interface Writer {
  /**
   * Runs `work` in a transaction that has the write lock from its start, and answers when it is on disk.
   * Writes of one turn of the event loop, and of turns that follow each other with such, share one commit. One that
   * throws is undone alone; for that all are run a second time, so `work` has to allow it.
   */
  write<T>(work: () => T): Promise<T>
  /**
   * The same for what nobody is kept waiting for: it joins the next commit, or has one of its own after 25 ms.
   * Every commit holds the event loop up for as long as the disk takes.
   */
  writeLater<T>(work: () => T): Promise<T>
  /** The same at once and alone, for starts and ends of the process. */
  writeNow<T>(work: () => T): T
  /** Commits what waits, at once; for another process it blocks as long as the database says. */
  flush(): void
}

/**
 * With `synchronous=FULL` a commit waits for the disk, and that wait is nearly all that a small write
 * costs. Sharing it is what makes many sign-ins at once as quick as the disk allows. `onCommit` is told how many
 * writes shared one.
 */
export function createWriter(
  sqlite: Sqlite.Database,
  snapshot: Snapshot,
  onCommit: (writes: number) => void = () => {},
): Writer {
  const transactions = createTransactions(sqlite)
  // better-sqlite3 waits for another process's lock on our only thread, so readers would wait with it.
  const blockingMs = sqlite.pragma('busy_timeout', { simple: true })
  let waiting: Job[] = []

  const commit = (jobs: readonly Job[]): void => {
    snapshot.leave()
    const outcomes = transactions.many(jobs.map(({ work }) => work))
    onCommit(jobs.length)
    for (const [index, outcome] of outcomes.entries()) {
      const job = jobs[index]
      if ('error' in outcome) job?.reject(refusal(outcome.error))
      else job?.resolve(outcome.result)
    }
  }
  /** What may not wait any longer is refused; answers the rest. */
  const refuse = (jobs: readonly Job[], error: unknown, since: number): Job[] => {
    const isLate = (job: Job) => !isBusy(error) || job.since <= since
    for (const job of jobs) if (isLate(job)) job.reject(refusal(error))
    return jobs.filter((job) => !isLate(job))
  }
  const flush = (): void => {
    const jobs = waiting
    waiting = []
    try {
      if (jobs.length > 0) commit(jobs)
    } catch (error) {
      refuse(jobs, error, Number.POSITIVE_INFINITY)
    }
  }
  const flushOrRetry = (): void => {
    const jobs = waiting
    waiting = []
    if (jobs.length === 0) return
    try {
      // Not to be prepared: SQLite takes this one over as it compiles it.
      sqlite.exec('pragma busy_timeout = 0')
      commit(jobs)
    } catch (error) {
      waiting = refuse(jobs, error, performance.now() - patienceMs)
      if (waiting.length > 0) time.again()
    } finally {
      if (sqlite.open) sqlite.exec(`pragma busy_timeout = ${blockingMs}`)
    }
  }
  const time = createCommitTime(flushOrRetry)
  const join = <T>(work: () => T, when: 'soon' | 'later') =>
    new Promise<T>((resolve, reject) => {
      const since = performance.now()
      waiting.push({ work, resolve: (result) => resolve(result as T), reject, since })
      time[when]()
    })
  return {
    flush,
    write: (work) => join(work, 'soon'),
    writeLater: (work) => join(work, 'later'),
    writeNow: <T>(work: () => T) => {
      try {
        snapshot.leave()
        const result = transactions.one(work) as T
        onCommit(1)
        return result
      } catch (error) {
        throw refusal(error)
      }
    },
  }
}

/** What the caller can do nothing about but come back later. */
const laterCodes = ['SQLITE_BUSY', 'SQLITE_FULL']

const isBusy = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')

function refusal(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  const { code } = error
  if (!laterCodes.some((later) => code.startsWith(later))) return error
  return new Failure('overloaded', { detail: code, retryAfter: 1, cause: error })
}
