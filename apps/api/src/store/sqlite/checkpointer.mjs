// The worker thread that checkpoints the write-ahead log. Plain JavaScript, so that tests can start it without a
// build.
import Sqlite from 'better-sqlite3'

/** How long to wait for a writer or reader that blocks the checkpoint, in ms. */
const timeout = 250
/**
 * How often to continue with a log that grows in the meantime: SQLite restarts the log only after a complete
 * checkpoint. Truncation takes the writers' lock, so it is tried once.
 */
const maxPasses = { PASSIVE: 8, TRUNCATE: 1 }

/** @typedef {{ busy: number, log: number, checkpointed: number }} Progress */
/** @typedef {{ path: string, mode: keyof typeof maxPasses }} Input */

/** @param {Input} input */
export function checkpoint(input) {
  try {
    runCheckpoint(input)
  } catch (error) {
    // The message of a SqliteError is lost when it is sent to another thread.
    throw new Error(String(error))
  }
}

/** @param {Input} input */
function runCheckpoint({ path, mode }) {
  const sqlite = new Sqlite(path, { fileMustExist: true, timeout })
  try {
    sqlite.pragma('synchronous = FULL')
    for (let pass = 0; pass < maxPasses[mode]; pass += 1) {
      const rows = sqlite.pragma(`wal_checkpoint(${mode})`)
      const [{ busy, log, checkpointed }] = /** @type {[Progress]} */ (rows)
      if (busy === 0 && log === checkpointed) return
    }
  } finally {
    sqlite.close()
  }
}
