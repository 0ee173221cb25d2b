import { keptPurposes, type RootKeyStore, type Store } from '../store/store.ts'
import type { RootKey } from './root-key.ts'

/** SECRET_KEY does not list a key that the database was written under. */
export class UnlistedKeyError extends Error {
  override readonly name = 'UnlistedKeyError'

  constructor() {
    super(
      'SECRET_KEY does not list every key that the database was written under; append the missing one (new,old), or name another database in DATABASE_URL',
    )
  }
}

/**
 * Records that this process writes under the first key of SECRET_KEY. Of two concurrent first starts with different
 * keys one is refused.
 *
 * @throws UnlistedKeyError when something in the database may be sealed under a key that is not listed: a phone number
 * would become a second user, and no sealed data could be opened; UnopenedError when no key is recorded and the key of
 * the audit log, which every service has sealed, was sealed under one that is not listed
 */
export async function claimDatabase(
  { rootKeys, audit }: Pick<Store, 'rootKeys' | 'audit'>,
  root: RootKey,
  now: number,
): Promise<void> {
  const used = await rootKeys.used()
  const sealedKey = used.length === 0 ? await audit.sealedKey() : null
  if (sealedKey !== null) root.open('audit key', sealedKey)
  const isClaimed = await rootKeys.claim({ id: root.id, listed: root.ids, now })
  if (!isClaimed) throw new UnlistedKeyError()
}

/** @throws UnlistedKeyError when the database was written under other keys only */
export async function requireKnownKey(rootKeys: RootKeyStore, root: RootKey): Promise<void> {
  const used = await rootKeys.used()
  if (used.length > 0 && !used.some((id) => root.ids.includes(id))) throw new UnlistedKeyError()
}

/** @throws UnlistedKeyError when SECRET_KEY does not list each key that the database was written under */
export async function requireEveryKey(rootKeys: RootKeyStore, root: RootKey): Promise<void> {
  const used = await rootKeys.used()
  if (!used.every((id) => root.ids.includes(id))) throw new UnlistedKeyError()
}

/**
 * Records that everything in the database is under the first key, and retires the others. Their signing keys verify for
 * the lifetime of an access token from now on. What a key that is not listed signed is lost with it.
 */
export function claimAlone(rootKeys: RootKeyStore, root: RootKey, now: number): Promise<void> {
  const others = root.ids.filter((id) => id !== root.id)
  const macKeys = others.flatMap((rootId) =>
    keptPurposes.map((purpose) => ({
      rootId,
      purpose,
      sealedKey: root.retireMacKey(rootId, purpose),
    })),
  )
  return rootKeys.claimAlone({ id: root.id, macKeys, now })
}
