import type { KeptPurpose, RetiredMacKeyStore } from '../store/store.ts'
import { type RootKey, retiredKeyOwner } from './root-key.ts'

/** Seals a retired key under the first key of SECRET_KEY. @throws when it cannot be opened */
export function resealMacKey(
  root: RootKey,
  { rootId, purpose, sealed }: { rootId: string; purpose: KeptPurpose; sealed: string },
): string {
  const owner = retiredKeyOwner(rootId, purpose)
  return root.seal('retired key', root.open('retired key', sealed, owner), owner)
}

/**
 * Lets the root key verify under the keys that were retired. A refresh token is at most `refreshTokenTtl` old, in ms,
 * so its key is removed after that time.
 */
export async function restoreMacKeys(
  retiredMacKeys: RetiredMacKeyStore,
  root: RootKey,
  { refreshTokenTtl, now }: { refreshTokenTtl: number; now: number },
): Promise<void> {
  await retiredMacKeys.clean({ purpose: 'refresh token', until: now - refreshTokenTtl, now })
  for (const { rootId, purpose, sealedKey } of await retiredMacKeys.list())
    root.restoreMacKey(rootId, purpose, sealedKey)
}
