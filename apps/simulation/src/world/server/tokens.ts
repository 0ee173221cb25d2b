import type { AccessClaims, TokenMaker } from '@mianmi/core'

/** As in the service: a token that was issued later than this is of a clock that is too far ahead. */
const maxAheadMs = 1_800_000

/**
 * Access tokens in place of the service's JWTs, which Node signs on other threads, and so in no order that repeats. They
 * say the same; that no one else can make one is not simulated.
 *
 * @param ttl how long one lives, in ms
 */
export const simulatedAccessTokens = (
  ttl: number,
): Pick<TokenMaker, 'signAccess' | 'verifyAccess'> => ({
  async signAccess({ sessionId, userId, appId }, now) {
    const expiresAt = now + ttl
    return { token: `at~${sessionId}~${userId}~${appId}~${now}~${expiresAt}`, expiresAt }
  },
  async verifyAccess(token, now) {
    const claims = readAccessToken(token)
    if (claims === null || claims.expiresAt <= now || claims.issuedAt > now + maxAheadMs)
      return null
    return claims
  },
})

interface ReadToken extends AccessClaims {
  readonly issuedAt: number
  readonly expiresAt: number
}

/** What an access token says, of the simulation or of the built service; null where it is none. Proves nothing. */
export function readAccessToken(token: string): ReadToken | null {
  const last = readBefore.get(token)
  if (last !== undefined) return last
  const read = readOnce(token)
  if (readBefore.size >= remembered) readBefore.clear()
  readBefore.set(token, read)
  return read
}

/** What tokens say never changes, and several sentences read the one of each call. */
const readBefore = new Map<string, ReadToken | null>()
const remembered = 500

function readOnce(token: string): ReadToken | null {
  if (!token.startsWith('at~')) {
    const [, payload, signature] = token.split('.')
    return payload === undefined || signature === undefined ? null : readJwt(payload)
  }
  const [, sessionId = '', userId = '', appId = '', issuedAt, expiresAt] = token.split('~')
  return { sessionId, userId, appId, issuedAt: Number(issuedAt), expiresAt: Number(expiresAt) }
}

function readJwt(payload: string): ReadToken {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  return {
    sessionId: String(claims['sid']),
    userId: String(claims['sub']),
    appId: String(claims['client_id']),
    issuedAt: Number(claims['iat']) * 1_000,
    expiresAt: Number(claims['exp']) * 1_000,
  }
}

/** The session of a refresh token. */
export function sessionOfRefreshToken(token: string): string {
  const end = token.indexOf('.')
  return end < 0 ? token : token.slice(0, end)
}
