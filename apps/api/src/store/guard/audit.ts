import type { AuditEvent, AuditLog } from '@mianmi/core'
import { sql } from 'drizzle-orm'
import { compile } from '../compile.ts'
import type { Database } from '../database.ts'
import { auditEvents } from '../schema.ts'
import { prepareDailyCounts } from '../statistics/daily-counts.ts'
import { prepareSweep } from '../sweep.ts'

/** Half a year, in ms: long enough to look into an abuse, and then personal data has to go. */
const keptFor = 180 * 24 * 3_600_000

/**
 * Events join the next commit, within 25 ms of the answers they belong to, and are counted by the day in the
 * same transaction.
 */
export function createAuditStore(
  { orm, sqlite, writeLater }: Database,
  { appIds, onError }: { appIds: readonly string[]; onError: (error: unknown) => void },
): AuditLog {
  const insert = compile(
    sqlite,
    orm.insert(auditEvents).values({
      at: sql.placeholder('at'),
      action: sql.placeholder('action'),
      outcome: sql.placeholder('outcome'),
      userId: sql.placeholder('userId'),
      operatorId: sql.placeholder('operatorId'),
      appId: sql.placeholder('appId'),
      address: sql.placeholder('address'),
      device: sql.placeholder('device'),
    }),
  )
  const { id: key, at: time } = auditEvents
  const sweep = prepareSweep({ orm }, auditEvents, { key, time })
  const count = prepareDailyCounts({ orm, sqlite }, appIds)
  const insertEvent = ({ origin, operatorId = null, ...event }: AuditEvent): void => {
    count({ ...event, origin })
    sweep(event.at - keptFor)
    const { address = null, device = null } = origin ?? {}
    insert.run({ ...event, operatorId, address, device })
  }
  return { record: (event) => void writeLater(() => insertEvent(event)).catch(onError) }
}
