import type { Database } from '../store/index.ts'
import { rootKeys } from '../store/schema.ts'
import type { RootKey } from './root-key.ts'

/** SECRET_KEY does not list a key that the database was written under. */
export class UnlistedKeyError extends Error {
  override readonly name = 'UnlistedKeyError'

  constructor() {
    super(
      'SECRET_KEY does not list the key that the database was written under; append that key: new,old',
    )
  }
}

/**
 * Records that this process writes under the first key of SECRET_KEY. Of two concurrent first starts with different
 * keys one is refused.
 *
 * @throws UnlistedKeyError when something in the database may be sealed under a key that is not listed: a phone number
 * would become a second user, and no sealed data could be opened
 */
export function claimDatabase(database: Database, root: RootKey, now: number): void {
  const { orm, writeNow } = database
  const hasClaim = (): boolean => {
    const used = orm.select({ id: rootKeys.id }).from(rootKeys).all()
    if (used.some(({ id }) => !root.ids.includes(id))) throw new UnlistedKeyError()
    return used.some(({ id }) => id === root.id)
  }
  if (hasClaim()) return
  writeNow(() => {
    if (!hasClaim()) orm.insert(rootKeys).values({ id: root.id, firstUsedAt: now }).run()
  })
}
