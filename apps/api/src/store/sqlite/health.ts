import type { StoreHealth } from '../store.ts'
import type { Database } from './database.ts'

/** How old the last commit may be until a probe shows that the database still takes writes, in ms. */
const probeAfterMs = 30_000
/** Time between two probes of a database whose last write failed, in ms. */
const probeAgainAfterMs = 1_000
/** Size of what a probe writes, in bytes: about the pages of a sign-in. Fewer may still find space on a full disk. */
const probeBytes = 12_288

/**
 * The database is ready where its file is in place, where it can be read, and where its last write was committed. A write that fails because of the disk
 * or the file makes it unready until a probe, or a call, has committed again.
 */
export function createHealth({
  sqlite,
  write,
  commits,
  checkFile,
}: Pick<Database, 'sqlite' | 'write' | 'commits' | 'checkFile'>): StoreHealth {
  const size = sqlite
    .prepare<[], number>('select page_count * page_size from pragma_page_count, pragma_page_size')
    .pluck()
  let running: Promise<void> | null = null
  /** Checks that arrive at the same time share a probe. */
  const probe = (): Promise<void> => {
    running ??= write(() => writeAndDelete(sqlite))
      .catch(ignoreLock)
      .finally(() => {
        running = null
      })
    return running
  }
  return {
    async ready() {
      checkFile()
      sqlite.prepare('select 1 from users limit 1').get()
      const isDue = commits.age() >= (commits.fault() === null ? probeAfterMs : probeAgainAfterMs)
      if (isDue) await probe()
      const fault = commits.fault()
      if (fault !== null) throw fault
    },
    bytes: async () => size.get() ?? null,
  }
}

/** A row that no other connection sees. SQLite writes its pages, also after the deletion, because of `secure_delete`. */
function writeAndDelete(sqlite: Database['sqlite']): void {
  sqlite.prepare(`insert into observed_time (id, at) values (2, zeroblob(${probeBytes}))`).run()
  sqlite.prepare('delete from observed_time where id = 2').run()
}

/** Another process, such as a backup, holds the lock: the database takes writes, only not now. */
function ignoreLock(error: unknown): void {
  const { cause } = error as { cause?: { code?: unknown } }
  if (!String(cause?.code).startsWith('SQLITE_BUSY')) throw error
}
