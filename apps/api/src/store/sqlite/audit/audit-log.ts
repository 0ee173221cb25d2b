import type { AuditEvent, AuditLog } from '@mianmi/core'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import { isCounted } from '../../admin/overview/sum-daily-counts.ts'
import { prepareDailyCounts } from '../admin/overview/daily-counts.ts'
import type { Database } from '../database.ts'
import { openChain } from './chain.ts'
import { prepareInbox } from './inbox.ts'

interface AuditStoreOptions {
  /** The configured apps. */
  readonly appIds: readonly string[]
  /** Takes the error of a line for which no caller waits. */
  readonly onError: (error: unknown) => void
  readonly keys: AuditKeySealer
  /** The clock, ms since the epoch; default `Date.now`. */
  readonly now?: () => number
}

export interface AuditStore extends AuditLog {
  /** When the chain was started because the one before was deleted, in ms; null where it is the first. */
  readonly restartedAt: number | null
  /** Whether this start has started it. */
  readonly isNew: boolean
  /** Adds the lines to the chain that commands have left for it. */
  takeInbox(): void
  /** The newest line and its MAC in hexadecimal; null where there is none. */
  head(): { id: number; mac: string } | null
}

/** What is not written yet. */
interface Batch {
  readonly lines: AuditEvent[]
  readonly counted: AuditEvent[]
}

/**
 * Writes events with the next commit, within 25 ms of the reply they belong to, and counts them by day in the same
 * transaction. All events for one commit are one write, because no caller waits for any of them.
 */
export function createAuditStore(
  database: Database,
  { appIds, onError, keys, now = Date.now }: AuditStoreOptions,
): AuditStore {
  const { append, restartedAt, isNew, sweep } = openChain(database, keys)
  const count = prepareDailyCounts(database, appIds)
  const inbox = prepareInbox(database)
  const hasInbox = database.sqlite.prepare('select 1 from audit_inbox limit 1')
  const newest = database.sqlite.prepare<[], { id: number; mac: string | null }>(
    'select id, lower(hex(mac)) as mac from audit_events order by id desc limit 1',
  )
  let batch: Batch | null = null
  const startBatch = (): Batch => {
    const started: Batch = { lines: [], counted: [] }
    const end = (): void => {
      if (batch === started) batch = null
    }
    const work = (): void => {
      end()
      count(started.counted)
      append(started.lines)
      sweep(now())
    }
    database.writeLater(work).catch((error: unknown) => {
      end()
      onError(error)
    })
    return started
  }
  const current = (): Batch => {
    batch ??= startBatch()
    return batch
  }
  return {
    restartedAt,
    isNew,
    record(event) {
      const { lines, counted } = current()
      lines.push(event)
      if (isCounted(event)) counted.push(event)
    },
    tally: (event) => void current().counted.push(event),
    write: (event) =>
      database.write(() => {
        if (isCounted(event)) count([event])
        append([event])
        sweep(now())
      }),
    takeInbox() {
      if (hasInbox.get() === undefined) return
      database.writeLater(() => append(inbox.take(now()))).catch(onError)
    },
    head() {
      const line = newest.get()
      return line?.mac ? { id: line.id, mac: line.mac } : null
    },
  }
}
