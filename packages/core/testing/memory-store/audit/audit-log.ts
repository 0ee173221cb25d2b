import { dayNumber } from '../../../src/admin/index.ts'
import type { AuditLog } from '../../../src/index.ts'
import { countAction } from '../admin/overview/statistics.ts'
import { deleteRows, type MemoryState } from '../state.ts'

/** How long a line is kept, in ms. */
const keptFor = 180 * 24 * 3_600_000

/** @param appIds the configured apps; lines of any other app are counted together */
export function createAuditLog(state: MemoryState, appIds: readonly string[]): AuditLog {
  let lastId = 0
  return {
    record({ at, action, outcome, userId, adminId = null, appId, origin, newUser = false }) {
      deleteRows(state.auditLines, (line) => line.at <= at - keptFor)
      const id = ++lastId
      const { address = null, device = null } = origin ?? {}
      const line = { id, at, action, outcome, userId, adminId, appId, address, device }
      state.auditLines.set(id, line)
      countAction(state, {
        day: dayNumber(at),
        action,
        outcome: newUser && outcome === 'ok' ? 'new_user' : outcome,
        appId: appId !== null && appIds.includes(appId) ? appId : '',
        lastAt: at,
      })
    },
  }
}
