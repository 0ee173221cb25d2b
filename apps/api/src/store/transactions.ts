import type Sqlite from 'better-sqlite3'

type Work = () => unknown
type WorkResult = { readonly result: unknown } | { readonly error: unknown }

/** Each has the write lock from its start. */
export interface Transactions {
  /** Throws what `work` throws, and then nothing of it has happened. */
  one(work: Work): unknown
  /**
   * Runs all in one. What throws is undone alone: then all are undone, and run again with a savepoint for each. It
   * throws itself where nothing could be done, because of another process or of the disk.
   */
  many(works: readonly Work[]): WorkResult[]
}

export function createTransactions(sqlite: Sqlite.Database): Transactions {
  const transaction = sqlite.transaction((work: Work) => work())

  /**
   * Null where one of them threw, and nothing has happened. No savepoints: for each SQLite would keep a copy of every
   * page as it was before, and write as much of that into a file of its own as into the log.
   */
  const together = (works: readonly Work[]): WorkResult[] | null => {
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
  const alone = (work: Work): WorkResult => {
    try {
      // Inside a transaction better-sqlite3 makes a savepoint of it.
      return { result: transaction(work) }
    } catch (error) {
      // Some faults, a full disk among them, undo the whole transaction and not only the savepoint.
      if (!sqlite.inTransaction) throw error
      return { error }
    }
  }
  return {
    one: transaction.immediate,
    many: (works) =>
      together(works) ?? (transaction.immediate(() => works.map(alone)) as WorkResult[]),
  }
}
