import type { AuditEvent, AuditLog } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import { prepareDailyCounts } from '../admin/overview/daily-counts.ts'
import { compile } from '../compile.ts'
import type { Database } from '../database.ts'
import { auditEvents } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'

/** Half a year, in ms: long enough to look into an abuse, and then personal data has to go. */
const keptFor = 180 * 24 * 3_600_000

/**
 * Events join the next commit, within 25 ms of the answers they belong to, and are counted by the day in the
 * same transaction. Those that wait for the same commit are one write, since nobody waits for any of them.
 */
export function createAuditStore(
  database: Database,
  { appIds, onError }: { appIds: readonly string[]; onError: (error: unknown) => void },
): AuditLog {
  const insert = prepareInsert(database)
  const count = prepareDailyCounts(database, appIds)
  let waiting: AuditEvent[] = []
  return {
    record(event) {
      waiting.push(event)
      if (waiting.length > 1) return
      const events = waiting
      const close = (): void => {
        if (waiting === events) waiting = []
      }
      const work = (): void => {
        close()
        count(events)
        for (const each of events) insert(each)
      }
      database.writeLater(work).catch((error: unknown) => {
        close()
        onError(error)
      })
    },
  }
}

function prepareInsert({ orm, sqlite }: Database): (event: AuditEvent) => void {
  const insert = compile(
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
    sweep(at - keptFor)
    const address = origin?.address ?? null
    const device = origin?.device ?? null
    insert.run({ at, action, outcome, userId, adminId, appId, address, device })
  }
}
