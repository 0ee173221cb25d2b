import { and, inArray, isNull, ne } from 'drizzle-orm'
import { auditChain } from '../store/sqlite/audit/schema.ts'
import type { Database } from '../store/sqlite/index.ts'
import { rootKeys, signingKeys } from '../store/sqlite/schema.ts'
import { retireMacKeys } from './retired-keys.ts'
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
export function claimDatabase(database: Database, root: RootKey, now: number): void {
  const { orm, writeNow } = database
  const hasClaim = (): boolean => {
    const used = orm.select({ id: rootKeys.id }).from(rootKeys).all()
    if (used.some(({ id }) => !root.ids.includes(id))) throw new UnlistedKeyError()
    const chain = orm.select({ key: auditChain.sealedKey }).from(auditChain).get()
    if (used.length === 0 && chain !== undefined) root.open('audit key', chain.key)
    return used.some(({ id }) => id === root.id)
  }
  if (hasClaim()) return
  writeNow(() => {
    if (!hasClaim()) recordKey(database, root, now)
  })
}

/** @throws UnlistedKeyError when the database was written under other keys only */
export function requireKnownKey({ orm }: Pick<Database, 'orm'>, root: RootKey): void {
  const used = orm.select({ id: rootKeys.id }).from(rootKeys).all()
  if (used.length > 0 && !used.some(({ id }) => root.ids.includes(id))) throw new UnlistedKeyError()
}

/** Records that something is written under the first key. Call it inside a transaction. */
export function recordKey({ orm }: Pick<Database, 'orm'>, root: RootKey, now: number): void {
  orm.insert(rootKeys).values({ id: root.id, firstUsedAt: now }).onConflictDoNothing().run()
}

/**
 * Records that everything in the database is under the first key, and retires the others. Their signing keys verify for
 * the lifetime of an access token from now on. Call it inside a transaction.
 */
export function claimAlone({ orm }: Pick<Database, 'orm'>, root: RootKey, now: number): void {
  const isOther = ne(rootKeys.id, root.id)
  const others = orm.select({ id: rootKeys.id }).from(rootKeys).where(isOther).all()
  // What a key that is not listed signed is lost with it.
  const ids = others.map(({ id }) => id).filter((id) => root.ids.includes(id))
  for (const rootId of ids) retireMacKeys({ orm }, root, { rootId, now })
  orm
    .update(signingKeys)
    .set({ retiredAt: now })
    .where(and(inArray(signingKeys.rootId, ids), isNull(signingKeys.retiredAt)))
    .run()
  orm.delete(rootKeys).where(isOther).run()
}
