import type { SummingAuditLog } from '@mianmi/core'
import type { AuditStore } from '../store/store.ts'

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
  readonly store: Pick<AuditStore, 'takeInbox' | 'head'>
  readonly now: () => number
  /**
   * Gets the newest line once a day. Kept where the database cannot be written, it shows that an older copy of the whole
   * database was put back, which the chain itself cannot show.
   */
  readonly onHead: (head: AuditHead) => void
  readonly onError: (error: unknown) => void
}

/**
 * Every five seconds: writes the sums of the minutes that are over, and adds the lines of commands to the chain.
 * Returns a function that ends it and writes all sums.
 */
export function startAuditUpkeep(options: AuditUpkeepOptions): () => void {
  const { audit, store, now, onHead, onError } = options
  let loggedAt = Number.NEGATIVE_INFINITY
  const logHead = async (): Promise<void> => {
    // A clock that was set back logs again.
    if (Math.abs(now() - loggedAt) < dayMs) return
    const head = await store.head()
    if (head === null) return
    loggedAt = now()
    onHead(head)
  }
  const takeInbox = (): void => void store.takeInbox().catch(onError)
  const timer = setInterval(() => {
    audit.writeSums(now())
    takeInbox()
    logHead().catch(onError)
  }, intervalMs)
  timer.unref()
  takeInbox()
  return () => {
    clearInterval(timer)
    audit.close()
  }
}
