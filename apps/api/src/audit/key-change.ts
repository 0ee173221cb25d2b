import type { AuditStore } from '../store/store.ts'
import type { RootKey } from '../tokens/root-key.ts'

/**
 * Records that SECRET_KEY lists other keys than at the last start, by their ids, which reveal nothing about them. The
 * first start records nothing.
 *
 * @param used the ids of the keys that the database was written under before this start claimed it
 */
export async function recordKeyChange(
  { audit, now }: { audit: AuditStore; now: () => number },
  root: RootKey,
  used: readonly string[],
): Promise<void> {
  const listed = describeKeys(root.ids)
  const before =
    (await audit.newestDevice('system.keys')) ?? (used.length === 0 ? listed : describeKeys(used))
  if (before === listed) return
  const subject = { userId: null, appId: null, origin: { address: 'local', device: listed } }
  await audit.write({ at: now(), action: 'system.keys', outcome: 'ok', ...subject })
}

const describeKeys = (ids: readonly string[]): string => `SECRET_KEY ${ids.join(',')}`
