import type { SummingAuditLog } from '@mianmi/core'
import type { AuditStore } from '../store/sqlite/index.ts'

const intervalMs = 5_000
const dayMs = 24 * 3_600_000

export interface AuditHead {
  /** The newest line. */
  readonly id: number
  /** Its MAC in hexadecimal. */
  readonly mac: string
}

interface AuditUpkeepOptions {
  readonly audit: SummingAuditLog
  readonly store: AuditStore
  readonly now: () => number
  /**
   * Gets the newest line once a day. Kept where the database cannot be written, it shows that an older copy of the whole
   * database was put back, which the chain itself cannot show.
   */
  readonly onHead: (head: AuditHead) => void
}

/**
 * Every five seconds: writes the sums of the minutes that are over, and adds the lines of commands to the chain.
 * Returns a function that ends it and writes all sums.
 */
export function startAuditUpkeep({ audit, store, now, onHead }: AuditUpkeepOptions): () => void {
  let loggedAt = Number.NEGATIVE_INFINITY
  const logHead = (): void => {
    // A clock that was set back logs again.
    if (Math.abs(now() - loggedAt) < dayMs) return
    const head = store.head()
    if (head === null) return
    loggedAt = now()
    onHead(head)
  }
  const timer = setInterval(() => {
    audit.writeSums(now())
    store.takeInbox()
    logHead()
  }, intervalMs)
  timer.unref()
  store.takeInbox()
  return () => {
    clearInterval(timer)
    audit.close()
  }
}
