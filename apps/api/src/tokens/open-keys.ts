import type { Store } from '../store/store.ts'
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
  store: Pick<Store, 'rootKeys' | 'retiredMacKeys' | 'signingKeys' | 'audit'>,
  root: RootKey,
  lifetimes: { accessTokenTtl: number; refreshTokenTtl: number; now: number },
): Promise<SigningKeys> {
  await claimDatabase(store, root, lifetimes.now)
  await restoreMacKeys(store.retiredMacKeys, root, lifetimes)
  return loadSigningKeys(store.signingKeys, root, lifetimes)
}
