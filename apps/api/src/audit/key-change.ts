import type { AuditLog } from '@mianmi/core'
import { desc, sql } from 'drizzle-orm'
import { auditEvents } from '../store/sqlite/audit/schema.ts'
import type { Database } from '../store/sqlite/index.ts'
import { rootKeys } from '../store/sqlite/schema.ts'
import type { RootKey } from '../tokens/root-key.ts'

/** The ids of the keys that the database was written under before this start. To be called before it is claimed. */
export function readUsedKeys({ orm }: Pick<Database, 'orm'>): readonly string[] {
  return orm
    .select({ id: rootKeys.id })
    .from(rootKeys)
    .orderBy(rootKeys.firstUsedAt)
    .all()
    .map(({ id }) => id)
}

/**
 * Records that SECRET_KEY lists other keys than at the last start, by their ids, which reveal nothing about them. The
 * first start records nothing.
 *
 * @param used as `readUsedKeys` returns it
 */
export async function recordKeyChange(
  { database, audit, now }: { database: Database; audit: AuditLog; now: () => number },
  root: RootKey,
  used: readonly string[],
): Promise<void> {
  const listed = describeKeys(root.ids)
  const before = findRecorded(database) ?? (used.length === 0 ? listed : describeKeys(used))
  if (before === listed) return
  const subject = { userId: null, appId: null, origin: { address: 'local', device: listed } }
  await audit.write({ at: now(), action: 'system.keys', outcome: 'ok', ...subject })
}

const describeKeys = (ids: readonly string[]): string => `SECRET_KEY ${ids.join(',')}`

function findRecorded({ orm }: Database): string | null {
  const newest = orm
    .select({ device: auditEvents.device })
    .from(auditEvents)
    // The second condition is that of the partial index.
    .where(sql`action = 'system.keys' and action <> 'sign_in'`)
    .orderBy(desc(auditEvents.at))
    .limit(1)
    .get()
  return newest?.device ?? null
}
