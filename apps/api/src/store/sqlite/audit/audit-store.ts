import type { AuditEvent } from '@mianmi/core'
import { desc, sql } from 'drizzle-orm'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import { isCounted } from '../../admin/overview/sum-daily-counts.ts'
import type { AuditStore } from '../../audit/audit-store.ts'
import { prepareDailyCounts } from '../admin/overview/daily-counts.ts'
import { createAtFirstUse } from '../at-first-use.ts'
import type { Database } from '../database.ts'
import { type AppendLines, type Chain, openChain } from './chain.ts'
import { findSealedKey } from './chain-record.ts'
import { prepareInbox } from './inbox.ts'
import { auditEvents } from './schema.ts'
import { verifyAudit } from './verify.ts'

interface AuditStoreOptions {
  /** The configured apps. */
  readonly appIds: readonly string[]
  /** Takes the error of a line for which no caller waits. */
  readonly onError: (error: unknown) => void
  readonly keys: AuditKeySealer
  /** The clock, ms since the epoch. */
  readonly now: () => number
}

/** What is not written yet. */
interface Batch {
  readonly lines: AuditEvent[]
  readonly counted: AuditEvent[]
}

/**
 * Writes events with the next commit, within 25 ms of the reply they belong to, and counts them by day in the same
 * transaction. All events for one commit are one write, because no caller waits for any of them. `append` adds lines
 * inside the transaction of another store.
 */
export function createAuditStore(
  database: Database,
  options: AuditStoreOptions,
): { readonly audit: AuditStore; readonly append: AppendLines } {
  const { onError, keys, now } = options
  let opened: Chain | null = null
  const chain = (): Chain => {
    if (opened === null) throw new Error('the audit log is not open')
    return opened
  }
  const append: AppendLines = (events) => chain().append(events)
  const inbox = createAtFirstUse(() => prepareInbox(database))
  const counts = createAtFirstUse(() => prepareDailyCounts(database, options.appIds))
  const writeAll = ({ lines, counted }: Batch): void => {
    counts.add(counted)
    append(lines)
    chain().sweep(now())
  }
  const current = createBatches({ database, onError }, writeAll)
  const { hasInbox, ...reads } = prepareReads(database)
  const audit: AuditStore = {
    ...reads,
    open: async () => {
      const isNew = opened === null
      opened ??= openChain(database, keys)
      return { restartedAt: opened.restartedAt, isNew: isNew && opened.isNew }
    },
    record(event) {
      const { lines, counted } = current()
      lines.push(event)
      if (isCounted(event)) counted.push(event)
    },
    tally: (event) => void current().counted.push(event),
    write: (event) =>
      database.write(() => writeAll({ lines: [event], counted: isCounted(event) ? [event] : [] })),
    leave: async (event) => database.writeNow(() => inbox.put(event)),
    takeInbox: async () => {
      if (hasInbox()) await database.writeLater(() => append(inbox.take(now())))
    },
    verify: async () => verifyAudit(database, keys),
  }
  return { audit, append }
}

/** Returns the batch that goes with the next commit. */
function createBatches(
  { database, onError }: { database: Database; onError: (error: unknown) => void },
  writeAll: (batch: Batch) => void,
): () => Batch {
  let batch: Batch | null = null
  const start = (): Batch => {
    const started: Batch = { lines: [], counted: [] }
    const end = (): void => {
      if (batch === started) batch = null
    }
    const work = (): void => {
      end()
      writeAll(started)
    }
    database.writeLater(work).catch((error: unknown) => {
      end()
      onError(error)
    })
    return started
  }
  return () => {
    batch ??= start()
    return batch
  }
}

function prepareReads(database: Database) {
  const { orm, sqlite } = database
  const anyInInbox = sqlite.prepare('select 1 from audit_inbox limit 1')
  const newest = sqlite.prepare<[], { id: number; mac: string | null }>(
    'select id, lower(hex(mac)) as mac from audit_events order by id desc limit 1',
  )
  return {
    hasInbox: (): boolean => anyInInbox.get() !== undefined,
    sealedKey: async () => findSealedKey(database),
    head: async () => {
      const line = newest.get()
      return line?.mac ? { id: line.id, mac: line.mac } : null
    },
    newestDevice: async (action: string) =>
      orm
        .select({ device: auditEvents.device })
        .from(auditEvents)
        // The second condition is that of the partial index.
        .where(sql`action = ${action} and action <> 'sign_in'`)
        .orderBy(desc(auditEvents.at))
        .limit(1)
        .get()?.device ?? null,
  }
}
