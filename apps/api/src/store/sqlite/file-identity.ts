import { statSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * Returns a check that the file at `path` is still the one that is open: SQLite goes on with a file that was deleted, or that
 * another one took the place of, and what it writes is lost.
 */
export function watchFile(path: string): () => void {
  const opened = identify(path)
  return () => {
    if (identify(path) !== opened)
      throw new Error(
        `${resolve(path)} was deleted or replaced while the service runs, so what it writes is lost; restart it, and put a copy in place with admin.js restore`,
      )
  }
}

function identify(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev} ${found.ino}`
}
