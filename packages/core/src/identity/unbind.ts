import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { accepted, callerNow } from '../session/caller.ts'
import type { SignedInCaller } from '../session/session.ts'
import type { BoundIdentity } from './identity.ts'
import { signInRules } from './sign-in-rules.ts'

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

/** Which identities to unbind: the one in an app, or with `everywhere` all of the same unionid. */
export interface Unbinding {
  readonly appId: string
  readonly everywhere?: boolean | undefined
}

/**
 * Unbinds the caller's WeChat identity in one app, and the sessions that it opened end, except the caller's. With
 * `everywhere` it unbinds each identity of the caller with the same unionid, and every session that they opened
 * ends, also one that an earlier unbinding kept. An unbound identity is not bound silently again.
 *
 * @throws Failure `not_found`, or `last_credential` where the user would have no way to sign in
 */
export async function unbind(
  ports: Pick<Ports, 'identities' | 'appIds' | 'policy' | 'now'>,
  caller: SignedInCaller,
  { appId, everywhere = false }: Unbinding,
  /** Takes the apps of the other identities that were removed. */
  note: (appIds: readonly string[]) => void,
): Promise<void> {
  const request = {
    userId: caller.user.id,
    appId,
    everywhere,
    caller: callerNow(ports, caller),
    rules: signInRules(ports),
  }
  const removed = await withRemoved(ports, request, async () => {
    const result = accepted(await ports.identities.unbind(request))
    if (result === 'last') throw new Failure('last_credential')
    if (result === 'not_found') throw new Failure('not_found')
  })
  note(removed)
}

/** Runs an unbinding, and returns the apps of the other identities that it removed: those of the same unionid. */
export async function withRemoved(
  { identities }: Pick<Ports, 'identities'>,
  { userId, appId, everywhere = false }: Unbinding & { userId: string },
  unbinding: () => Promise<void>,
): Promise<readonly string[]> {
  const appsOf = async () => (await identities.list(userId)).map((bound) => bound.appId)
  const before = everywhere ? await appsOf() : []
  await unbinding()
  const after = everywhere ? await appsOf() : []
  return before.filter((app) => app !== appId && !after.includes(app))
}
