import type { AuditLine, AuditQuery, AuditReader } from '../../../../src/admin/index.ts'
import type { MemoryState } from '../../state.ts'
import { pageOf } from '../cursor.ts'

export function createAuditReader(state: MemoryState): AuditReader {
  const matching = (query: AuditQuery): AuditLine[] =>
    [...state.auditLines.values()].filter((line) => matches(line, query))
  return {
    list: async ({ cursor, limit, ...query }) =>
      pageOf(matching(query), {
        cursor,
        limit,
        keyOf: ({ at, id }) => [at, id],
        order: 'desc',
        form: ['number', 'number'],
      }),

    count: async (query) => matching(query).length,
  }
}

function matches(line: AuditLine, { from, to, ...values }: AuditQuery): boolean {
  if (from !== undefined && line.at < from) return false
  if (to !== undefined && line.at >= to) return false
  return (['action', 'outcome', 'userId', 'adminId'] as const).every(
    (name) => values[name] === undefined || values[name] === line[name],
  )
}
