import type { AuditEvent, AuditLog } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import { prepareDailyCounts } from '../admin/overview/daily-counts.ts'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { auditEvents } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'

/** Retention, half a year, in ms: long enough to investigate an abuse; then personal data must go. */
const retentionMs = 180 * 24 * 3_600_000

/**
 * Writes events with the next commit, within 25 ms of the reply they belong to, and counts them by day in the same
 * transaction. All events for one commit are one write, because no caller waits for any of them.
 */
export function createAuditStore(
  database: Database,
  { appIds, onError }: { appIds: readonly string[]; onError: (error: unknown) => void },
): AuditLog {
  const insert = prepareInsert(database)
  const count = prepareDailyCounts(database, appIds)
  let unwritten: AuditEvent[] = []
  return {
    record(event) {
      unwritten.push(event)
      if (unwritten.length > 1) return
      const events = unwritten
      const startNewList = (): void => {
        if (unwritten === events) unwritten = []
      }
      const work = (): void => {
        startNewList()
        count(events)
        for (const each of events) insert(each)
      }
      database.writeLater(work).catch((error: unknown) => {
        startNewList()
        onError(error)
      })
    },
  }
}

function prepareInsert({ orm, sqlite }: Database): (event: AuditEvent) => void {
  const insert = compileStatement(
    sqlite,
    orm.insert(auditEvents).values({
      at: sql.placeholder('at'),
      action: sql.placeholder('action'),
      outcome: sql.placeholder('outcome'),
      userId: sql.placeholder('userId'),
      adminId: sql.placeholder('adminId'),
      appId: sql.placeholder('appId'),
      address: sql.placeholder('address'),
      device: sql.placeholder('device'),
    }),
  )
  const { id: key, at: time } = auditEvents
  const sweep = prepareSweep({ orm }, auditEvents, { key, time })
  return ({ at, action, outcome, userId, adminId = null, appId, origin }) => {
    sweep(at - retentionMs)
    const address = origin?.address ?? null
    const device = origin?.device ?? null
    insert.run({ at, action, outcome, userId, adminId, appId, address, device })
  }
}
