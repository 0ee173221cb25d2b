import type { AuditLine, AuditQuery, AuditReader } from '../../../../src/admin/index.ts'
import { auditKindOf } from '../../../../src/index.ts'
import { pseudonymOf, userOfPseudonym } from '../../audit/subjects.ts'
import type { MemoryState } from '../../state.ts'
import { pageOf } from '../cursor.ts'

export function createAuditReader(state: MemoryState): AuditReader {
  const matching = ({ userId, adminId, ...query }: AuditQuery): AuditLine[] => {
    const subjects = {
      ...(userId === undefined ? {} : { userId: pseudonymOf(state, userId) }),
      ...(adminId === undefined ? {} : { adminId: pseudonymOf(state, adminId) }),
    }
    return [...state.auditLines.values()].filter((line) => matches(line, { ...query, ...subjects }))
  }
  const withUsers = (line: AuditLine): AuditLine => ({
    ...line,
    userId: line.userId && userOfPseudonym(state, line.userId),
    adminId: line.adminId ? userOfPseudonym(state, line.adminId) : null,
  })
  return {
    list: async ({ cursor, limit, ...query }) => {
      const { items, next } = pageOf(matching(query), {
        cursor,
        limit,
        keyOf: ({ at, id }) => [at, id],
        order: 'desc',
        form: ['number', 'number'],
      })
      return { items: items.map(withUsers), next }
    },

    count: async (query) => matching(query).length,
  }
}

function matches(line: AuditLine, { from, to, kind, ...values }: AuditQuery): boolean {
  if (from !== undefined && line.at < from) return false
  if (to !== undefined && line.at >= to) return false
  if (kind !== undefined && auditKindOf(line.action) !== kind) return false
  return (['action', 'outcome', 'userId', 'adminId'] as const).every(
    (name) => values[name] === undefined || values[name] === line[name],
  )
}
