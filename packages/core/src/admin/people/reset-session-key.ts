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
  const newest = kept?.keys[0]
  if (kept === null || newest === undefined) throw new Failure('not_found')
  const owner = { appId, openid: kept.openid }
  const former = ports.vault.open(owner, newest)
  const sessionKey = await ports.wechat.resetSessionKey({ ...owner, sessionKey: former })
  const to = ports.vault.seal(owner, sessionKey)
  let from: string | undefined = newest
  while (from !== undefined && !(await ports.people.replaceKeys({ userId, appId, from, to }))) {
    // While WeChat answered, a sign-in may have stored another key, or a change of SECRET_KEY sealed this one again.
    from = (await ports.identities.sessionKeys({ userId, appId }))?.keys[0]
    if (from !== undefined && ports.vault.open(owner, from) !== former) return
  }
}
