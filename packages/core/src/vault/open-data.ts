import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { accepted, callerNow } from '../session/caller.ts'
import type { SignedInCaller } from '../session/session.ts'

/**
 * Decrypts open data of the caller with the current session_key or the previous one: the data may have been
 * encrypted just before the last login.
 *
 * @throws Failure `data_rejected` for every fault, so that a reply reveals nothing about the keys;
 * `unauthenticated` or `user_disabled` where the session ended or the user was disabled in the meantime
 */
export async function decryptOpenData(
  ports: Pick<Ports, 'identities' | 'vault' | 'openData' | 'now'>,
  caller: SignedInCaller,
  data: { encryptedData: string; iv: string },
): Promise<Record<string, unknown>> {
  const kept = accepted(await ports.identities.callerKeys(callerNow(ports, caller)))
  if (kept === null) throw new Failure('data_rejected')
  const { appId, openid } = kept
  const owner = { appId, openid }
  for (const sealed of kept.keys) {
    try {
      const sessionKey = ports.vault.open(owner, sealed)
      return ports.openData.decrypt({ ...owner, sessionKey, ...data, now: ports.now() })
    } catch {
      // The reply must not depend on which key failed, or why.
    }
  }
  throw new Failure('data_rejected')
}
