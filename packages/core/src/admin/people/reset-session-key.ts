import { Failure } from '../../failure.ts'
import type { AdminPorts } from '../admin-ports.ts'

/**
 * Makes WeChat replace the session_key and deletes the old keys, so that a leaked key can no longer decrypt or
 * sign anything.
 *
 * @throws Failure `not_found`, `data_rejected` where the stored key is already stale, or WeChat's refusal
 */
export async function resetSessionKey(
  ports: Pick<AdminPorts, 'identities' | 'wechat' | 'vault' | 'people'>,
  { userId, appId }: { userId: string; appId: string },
): Promise<void> {
  const kept = await ports.identities.sessionKeys({ userId, appId })
  const from = kept?.keys[0]
  if (kept === null || from === undefined) throw new Failure('not_found')
  const owner = { appId, openid: kept.openid }
  const sessionKey = await ports.wechat.resetSessionKey({
    ...owner,
    sessionKey: ports.vault.open(owner, from),
  })
  const to = ports.vault.seal(owner, sessionKey)
  await ports.people.replaceKeys({ userId, appId, from, to })
}
