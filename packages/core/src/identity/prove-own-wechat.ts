import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { SignedInCaller } from '../session/session.ts'
import { exchange } from './proof.ts'

/**
 * Proves by a fresh login code that the caller holds the WeChat that the session belongs to: an access token may be
 * stolen, a login code is made on the phone. The newer session_key that WeChat returns is stored.
 *
 * @throws Failure `proof_required` without a code, or with the code of another WeChat; or WeChat's refusal of the code
 */
export async function proveOwnWechat(
  ports: Pick<Ports, 'identities' | 'wechat' | 'vault'>,
  { user, session }: SignedInCaller,
  { code, origin }: { code: string | undefined; origin: Origin },
): Promise<void> {
  if (code === undefined) throw new Failure('proof_required')
  const identity = await exchange(ports, { appId: session.appId, code }, origin)
  const isOwn = await ports.identities.confirm({ identity, userId: user.id })
  if (!isOwn) throw new Failure('proof_required')
}
