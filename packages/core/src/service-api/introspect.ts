import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { authenticate } from '../session/authenticate.ts'
import type { Introspection } from './service-api.ts'
import type { IntrospectedCaller, ServiceUserStore } from './service-user-store.ts'

/** By the same rules as every call of the user, so that the two cannot differ. Null for any fault of the token. */
export async function introspect(
  ports: Pick<Ports, 'tokens' | 'now' | 'policy'> & { readonly serviceUsers: ServiceUserStore },
  token: string,
): Promise<Introspection | null> {
  let found: IntrospectedCaller | null = null
  const find = async (sessionId: string) => {
    found = await ports.serviceUsers.findSession(sessionId)
    return found
  }
  try {
    const { session } = await authenticate({ ...ports, sessions: { find } }, token)
    const claims = await ports.tokens.verifyAccess(token, ports.now())
    const { externalId = null } = (found as IntrospectedCaller | null) ?? {}
    if (claims === null) return null
    const { issuedAt, expiresAt } = claims
    const { id: sessionId, userId, appId } = session
    return { sessionId, userId, appId, externalId, issuedAt, expiresAt }
  } catch (error) {
    const isInactive =
      error instanceof Failure &&
      (error.reason === 'unauthenticated' || error.reason === 'user_disabled')
    if (isInactive) return null
    throw error
  }
}
