import type { AdminPorts } from '../admin-ports.ts'
import type { AuditLine, NamedAuditLine } from './audit-reader.ts'

/** What the lines of another service have in place of an administrator's id. */
const serviceKeyId = /^key-/

/**
 * Adds the names that users and service keys have now. A user who was deleted has none, and the log itself keeps no name:
 * the lines of a deleted user stay pseudonyms.
 */
export async function nameLines(
  { people, serviceKeys }: Pick<AdminPorts, 'people' | 'serviceKeys'>,
  lines: readonly AuditLine[],
): Promise<readonly NamedAuditLine[]> {
  const ids = lines.flatMap(({ userId, adminId }) => [userId ?? [], adminId ?? []].flat())
  const [keyIds, userIds] = separate([...new Set(ids)])
  const names = new Map(userIds.length === 0 ? [] : await people.names(userIds))
  if (keyIds.length > 0) for (const { id, name } of await serviceKeys.list()) names.set(id, name)
  const nameOf = (id: string | null | undefined) => (id ? (names.get(id) ?? null) : null)
  return lines.map((line) => ({
    ...line,
    userName: nameOf(line.userId),
    adminName: nameOf(line.adminId),
  }))
}

const separate = (ids: readonly string[]): [keyIds: string[], userIds: string[]] => [
  ids.filter((id) => serviceKeyId.test(id)),
  ids.filter((id) => !serviceKeyId.test(id)),
]
