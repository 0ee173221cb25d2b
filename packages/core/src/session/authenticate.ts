import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { isAlive } from './open-session.ts'
import type { SignedInCaller } from './session.ts'

/**
 * Finds the session and user of an access token. The session is looked up on every call, so that a revocation
 * takes effect on the next call although the token has not expired (RFC 9068 leaves revocation to the resource
 * server).
 *
 * @throws Failure `unauthenticated` for any fault of the token or its session, `user_disabled`
 */
export async function authenticate(
  ports: Pick<Ports, 'tokens' | 'now' | 'policy'> & {
    readonly sessions: Pick<Ports['sessions'], 'find'>
  },
  accessToken: string | null,
): Promise<SignedInCaller> {
  const now = ports.now()
  const claims = accessToken === null ? null : await ports.tokens.verifyAccess(accessToken, now)
  if (claims === null) throw new Failure('unauthenticated')
  const caller = await ports.sessions.find(claims.sessionId)
  if (caller === null || !isAlive(ports.policy, caller.session.expiresAt, now))
    throw new Failure('unauthenticated')
  const { session, user } = caller
  if (session.userId !== claims.userId || session.appId !== claims.appId)
    throw new Failure('unauthenticated')
  // A session from before the user became an administrator.
  if (user.role === 'admin') throw new Failure('unauthenticated')
  if (user.disabledAt !== null) throw new Failure('user_disabled')
  return caller
}
