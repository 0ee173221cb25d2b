// The thread on which the write-ahead log is folded back. Plain JavaScript, as Node 20 starts no thread from TypeScript.
import Sqlite from 'better-sqlite3'

/** How long it waits for a writer or a reader that is in the way, in ms. */
const timeout = 250
/**
 * How often it goes after a log that grows meanwhile, which can be begun anew only when all of it is folded back.
 * To cut it takes the lock of writers, and so is tried once.
 */
const passes = { PASSIVE: 8, TRUNCATE: 1 }

/** @param {{ path: string, mode: 'PASSIVE' | 'TRUNCATE' }} input */
export function checkpoint(input) {
  try {
    foldBack(input)
  } catch (error) {
    // An error of SQLite's own kind leaves its message behind on the way to another thread.
    throw new Error(String(error))
  }
}

function foldBack({ path, mode }) {
  const sqlite = new Sqlite(path, { fileMustExist: true, timeout })
  try {
    sqlite.pragma('synchronous = FULL')
    for (let pass = 0; pass < passes[mode]; pass += 1) {
      const [{ busy, log, checkpointed }] = sqlite.pragma(`wal_checkpoint(${mode})`)
      if (busy === 0 && log === checkpointed) return
    }
  } finally {
    sqlite.close()
  }
}
