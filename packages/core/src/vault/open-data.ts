import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { SignedInCaller } from '../session/session.ts'

/**
 * Decrypts open data of the caller with the current session_key, or with the one before it: data encrypted
 * just before a login belongs to that.
 *
 * @throws Failure `data_rejected` for every fault, so that the answers tell nothing about the keys
 */
export async function decryptOpenData(
  ports: Pick<Ports, 'identities' | 'vault' | 'openData' | 'now'>,
  { session }: SignedInCaller,
  data: { encryptedData: string; iv: string },
): Promise<Record<string, unknown>> {
  const { userId, appId } = session
  const kept = await ports.identities.sessionKeys({ userId, appId })
  if (kept === null) throw new Failure('data_rejected')
  const owner = { appId, openid: kept.openid }
  for (const sealed of kept.keys) {
    try {
      const sessionKey = ports.vault.open(owner, sealed)
      return ports.openData.decrypt({ ...owner, sessionKey, ...data, now: ports.now() })
    } catch {
      // Which key failed, and at what, is nothing that the answer may depend on.
    }
  }
  throw new Failure('data_rejected')
}
