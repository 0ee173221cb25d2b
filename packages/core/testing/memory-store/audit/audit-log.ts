import { dayNumber } from '../../../src/admin/index.ts'
import { type AuditEvent, type AuditLog, countExpired } from '../../../src/index.ts'
import { countAction } from '../admin/overview/statistics.ts'
import type { MemoryState } from '../state.ts'
import { pseudonymOf } from './subjects.ts'

/** @param appIds the configured apps; lines of any other app are counted together */
export function createAuditLog(state: MemoryState, appIds: readonly string[]): AuditLog {
  let lastId = 0
  const tally = ({ at, action, outcome, appId, newUser = false }: AuditEvent): void => {
    if (outcome === 'started') return
    countAction(state, {
      day: dayNumber(at),
      action,
      outcome: newUser && outcome === 'ok' ? 'new_user' : outcome,
      appId: appId !== null && appIds.includes(appId) ? appId : '',
      lastAt: at,
    })
  }
  const record = (event: AuditEvent): void => {
    const { at, action, outcome, userId, adminId = null, appId, origin, count } = event
    dropExpired(state, at)
    const id = ++lastId
    const { address = null, device = null } = origin ?? {}
    state.auditLines.set(id, {
      id,
      at,
      action,
      outcome,
      userId: userId && pseudonymOf(state, userId),
      adminId: adminId && pseudonymOf(state, adminId),
      appId,
      address,
      device,
      count: count ?? 1,
    })
    if (count === undefined) tally(event)
  }
  return { record, tally, write: async (event) => record(event) }
}

function dropExpired({ auditLines }: MemoryState, now: number): void {
  const oldest = [...auditLines.values()]
  const expired = countExpired(
    oldest.map(({ at }) => at),
    now,
  )
  for (const { id } of oldest.slice(0, expired)) auditLines.delete(id)
}
