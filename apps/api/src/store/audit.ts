import type { AuditEvent, AuditLog } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { auditEvents } from './schema.ts'
import { sweepSize } from './sweep.ts'

/** Events that wait while another process holds the write lock; beyond it the oldest are given up. */
const mostWaiting = 10_000
/** Half a year, in ms: long enough to look into an abuse, and then personal data has to go. */
const keptFor = 180 * 24 * 3_600_000

export interface AuditStore extends AuditLog {
  /** Writes down what still waits. */
  flush(): void
}

/** Events of one turn of the event loop are written in one commit, behind the answers they belong to. */
export function createAuditStore(
  { orm, write }: Database,
  onError: (error: unknown) => void,
): AuditStore {
  const insert = orm
    .insert(auditEvents)
    .values({
      at: sql.placeholder('at'),
      action: sql.placeholder('action'),
      outcome: sql.placeholder('outcome'),
      userId: sql.placeholder('userId'),
      appId: sql.placeholder('appId'),
      address: sql.placeholder('address'),
      device: sql.placeholder('device'),
    })
    .prepare()
  const sweep = orm
    .delete(auditEvents)
    .where(
      sql`${auditEvents.id} in (select id from audit_events where at <= ${sql.placeholder('before')} limit ${sweepSize})`,
    )
    .prepare()
  let waiting: AuditEvent[] = []
  let scheduled = false
  const flush = (): void => {
    scheduled = false
    if (waiting.length === 0) return
    const events = waiting
    waiting = []
    try {
      write(() => {
        sweep.run({ before: Date.now() - keptFor })
        for (const { origin, ...event } of events)
          insert.run({ ...event, address: origin?.address ?? null, device: origin?.device ?? null })
      })
    } catch (error) {
      waiting = [...events, ...waiting].slice(-mostWaiting)
      onError(error)
    }
  }
  return {
    record(event) {
      waiting.push(event)
      if (scheduled) return
      scheduled = true
      setImmediate(flush)
    },
    flush,
  }
}
