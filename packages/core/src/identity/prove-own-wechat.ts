import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { accepted, callerNow } from '../session/caller.ts'
import type { SignedInCaller } from '../session/session.ts'
import type { IdentityRef } from './identity.ts'
import { exchange } from './proof.ts'

/**
 * Proves by a fresh login code that the caller holds the WeChat that the session belongs to: an access token may be
 * stolen, a login code is made on the phone. The newer session_key that WeChat returns is stored.
 *
 * @returns the identity; what it proves is checked again in the transaction that rests on it
 * @throws Failure `proof_required` without a code, or with the code of another WeChat; `unauthenticated`,
 * `user_disabled`; or WeChat's refusal of the code
 */
export async function proveOwnWechat(
  ports: Pick<Ports, 'identities' | 'wechat' | 'vault' | 'now'>,
  caller: SignedInCaller,
  { code, origin }: { code: string | undefined; origin: Origin },
): Promise<IdentityRef> {
  if (code === undefined) throw new Failure('proof_required')
  const identity = await exchange(ports, { appId: caller.session.appId, code }, origin)
  const isOwn = await ports.identities.confirm({ identity, caller: callerNow(ports, caller) })
  if (!accepted(isOwn)) throw new Failure('proof_required')
  const { appId, openid } = identity
  return { appId, openid }
}
