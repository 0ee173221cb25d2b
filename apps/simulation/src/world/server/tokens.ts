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
  const [header, payload, signature] = token.split('.')
  if (header !== undefined && payload !== undefined && signature !== undefined)
    return readJwt(payload)
  const [kind, sessionId = '', userId = '', appId = '', issuedAt, expiresAt] = token.split('~')
  if (kind !== 'at') return null
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
export const sessionOfRefreshToken = (token: string): string => token.split('.')[0] ?? ''
