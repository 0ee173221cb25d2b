import type { Database } from '../store/sqlite/index.ts'
import { claimDatabase } from './claim-database.ts'
import { restoreMacKeys } from './retired-keys.ts'
import type { RootKey } from './root-key.ts'
import { loadSigningKeys, type SigningKeys } from './signing-key.ts'

/**
 * Prepares the keys of the service for a database: those of SECRET_KEY, and those that the database holds. Times are in
 * ms.
 *
 * @throws UnlistedKeyError
 */
export async function openKeys(
  database: Database,
  root: RootKey,
  lifetimes: { accessTokenTtl: number; refreshTokenTtl: number; now: number },
): Promise<SigningKeys> {
  claimDatabase(database, root, lifetimes.now)
  restoreMacKeys(database, root, lifetimes)
  return loadSigningKeys(database, root, lifetimes)
}
