import type Sqlite from 'better-sqlite3'

type Work = () => unknown
type WorkResult = { readonly result: unknown } | { readonly error: unknown }

/** Transactions that hold the write lock from their start. */
export interface Transactions {
  /** Runs `work` in one transaction. @throws what `work` throws, after a rollback */
  one(work: Work): unknown
  /**
   * Runs all in one transaction. A work that throws is rolled back alone: then everything is rolled back and runs
   * again with a savepoint for each.
   *
   * @throws when nothing could be written, because of another process or of the disk
   */
  many(works: readonly Work[]): WorkResult[]
}

/** What the works of a transaction leave to be written at its end. */
export interface WrittenAtEnd {
  write(): void
  /** Forgets what a rolled back transaction has left. */
  discard(): void
}

export function createTransactions(
  sqlite: Sqlite.Database,
  atEnd: WrittenAtEnd = { write: () => {}, discard: () => {} },
): Transactions {
  const transaction = sqlite.transaction((work: Work) => {
    atEnd.discard()
    const result = work()
    atEnd.write()
    return result
  })

  /**
   * Null when one of them threw; then everything is rolled back. It uses no savepoints: for each, SQLite would copy
   * every page as it was before, and write as much into a file of its own as into the log.
   */
  const runTogether = (works: readonly Work[]): WorkResult[] | null => {
    let isRunning = false
    const run = (): WorkResult[] => {
      isRunning = true
      const outcomes = works.map((work) => ({ result: work() }))
      isRunning = false
      return outcomes
    }
    try {
      return transaction.immediate(run) as WorkResult[]
    } catch (error) {
      if (isRunning) return null
      throw error
    }
  }
  const runAlone = (work: Work): WorkResult => {
    try {
      // Inside a transaction better-sqlite3 makes this a savepoint.
      return { result: transaction(work) }
    } catch (error) {
      // Some errors, such as a full disk, roll back the whole transaction and not only the savepoint.
      if (!sqlite.inTransaction) throw error
      atEnd.discard()
      return { error }
    }
  }
  return {
    one: transaction.immediate,
    many: (works) =>
      runTogether(works) ?? (transaction.immediate(() => works.map(runAlone)) as WorkResult[]),
  }
}
