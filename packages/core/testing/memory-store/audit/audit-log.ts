import type { AuditLog } from '../../../src/index.ts'
import { deleteRows, type MemoryState } from '../state.ts'

/** How long a line is kept, in ms. */
const keptFor = 180 * 24 * 3_600_000

export function createAuditLog(state: MemoryState): AuditLog {
  let lastId = 0
  return {
    record({ at, action, outcome, userId, adminId = null, appId, origin }) {
      deleteRows(state.auditLines, (line) => line.at <= at - keptFor)
      const id = ++lastId
      const { address = null, device = null } = origin ?? {}
      const line = { id, at, action, outcome, userId, adminId, appId, address, device }
      state.auditLines.set(id, line)
    },
  }
}
