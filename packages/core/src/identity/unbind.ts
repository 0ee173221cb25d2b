import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { SignedInCaller } from '../session/session.ts'
import type { BoundIdentity } from './identity.ts'
import { signInRules } from './sign-in-means.ts'

export interface ListedIdentity extends BoundIdentity {
  /** Whether the caller's session was opened through it. */
  readonly current: boolean
}

export async function listIdentities(
  ports: Pick<Ports, 'identities'>,
  { user, session }: SignedInCaller,
): Promise<ListedIdentity[]> {
  const bound = await ports.identities.list(user.id)
  return bound.map((identity) => ({ ...identity, current: identity.appId === session.appId }))
}

/**
 * Unbinds the caller's WeChat identity in one app. It signs in no user any more, and the sessions that it
 * opened end, except the caller's.
 *
 * @throws Failure `not_found`, or `last_credential` where the user would have no way to sign in
 */
export async function unbind(
  ports: Pick<Ports, 'identities' | 'appIds' | 'policy' | 'now'>,
  { user, session }: SignedInCaller,
  appId: string,
): Promise<void> {
  const request = { userId: user.id, appId, keepSessionId: session.id, rules: signInRules(ports) }
  const result = await ports.identities.unbind(request)
  if (result === 'last') throw new Failure('last_credential')
  if (result === 'not_found') throw new Failure('not_found')
}
