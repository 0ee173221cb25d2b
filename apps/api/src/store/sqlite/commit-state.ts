import Sqlite from 'better-sqlite3'

/** Whether the database can commit, as its last writes showed. */
export interface CommitState {
  /** Reports a commit. */
  succeeded(): void
  /** Reports the error of a write. Errors that say nothing about the file or the disk are ignored. */
  failed(error: unknown): void
  /** The fault of the file or of the disk because of which the last write failed; null where it was committed. */
  fault(): Error | null
  /** How long ago the last commit or fault was, in ms. */
  age(): number
}

/**
 * SQLite's error codes for a file that takes no writes ("Result and Error Codes"). A lock (SQLITE_BUSY) is not one of them:
 * a backup holds it while it copies.
 */
const faults = [
  'SQLITE_FULL',
  'SQLITE_READONLY',
  'SQLITE_IOERR',
  'SQLITE_CANTOPEN',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
]

/** @param uptime a time in ms that no setting of the clock changes */
export function createCommitState(uptime = (): number => performance.now()): CommitState {
  let last: { at: number; fault: Error | null } = { at: uptime(), fault: null }
  return {
    succeeded() {
      last = { at: uptime(), fault: null }
    },
    failed(error) {
      if (!(error instanceof Sqlite.SqliteError)) return
      const { code } = error
      if (faults.some((fault) => code.startsWith(fault))) last = { at: uptime(), fault: error }
    },
    fault: () => last.fault,
    age: () => uptime() - last.at,
  }
}
