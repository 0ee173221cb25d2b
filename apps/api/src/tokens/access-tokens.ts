import { randomUUID, sign } from 'node:crypto'
import { type AccessClaims, createBoundedCache, type TokenMaker } from '@mianmi/core'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import { hasLowS, withLowS } from './low-s.ts'
import type { SigningKey } from './signing-key.ts'

type AccessTokens = Pick<TokenMaker, 'signAccess' | 'verifyAccess'>

interface VerifiedToken extends AccessClaims {
  /** The whole of it. */
  readonly token: string
  readonly expiresAt: number
}

/** How many verified tokens are remembered, at most; beyond it those verified first are forgotten. */
const remembered = 20_000
/**
 * A verified token is found by the end of its signature, so many characters, and then compared whole. To look a
 * text up it has to be hashed, all 480 characters of it, at every call: nothing is looked up by what is new.
 */
const nameLength = 43
/** Below this many ms whole seconds would eat too much of a token's life, so `exp` gets a fraction. */
const preciseBelowMs = 60_000

/** Access tokens as JWTs of RFC 9068: ES256, `typ: at+jwt`, verifiable by anyone through the JWKS. */
export function createAccessTokens(options: {
  key: SigningKey
  issuer: string
  /** Milliseconds. */
  ttl: number
}): AccessTokens {
  const { key, issuer, ttl } = options
  const write = createWriter(key)
  const verified = createBoundedCache<VerifiedToken>({ most: remembered })

  const verify = async (token: string, now: number): Promise<VerifiedToken | null> => {
    if (!isCanonical(token) || !hasLowS(token)) return null
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        issuer,
        requiredClaims: ['sub', 'aud', 'sid', 'jti', 'iat', 'exp'],
        currentDate: new Date(now),
      })
      const { sub, aud, sid, exp } = payload
      if (typeof sub !== 'string' || typeof aud !== 'string' || typeof sid !== 'string') return null
      return { token, userId: sub, appId: aud, sessionId: sid, expiresAt: Number(exp) * 1000 }
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }

  return {
    async signAccess({ sessionId, userId, appId }, now) {
      const iat = ttl < preciseBelowMs ? now / 1000 : Math.floor(now / 1000)
      const exp = iat + ttl / 1000
      const jti = randomUUID()
      const token = write({ iss: issuer, sub: userId, aud: appId, sid: sessionId, jti, iat, exp })
      return { token, expiresAt: Math.floor(exp * 1000) }
    },

    async verifyAccess(token, now) {
      const name = token.slice(-nameLength)
      const known = verified.get(name)
      const isKnown = known?.token === token
      const claims = isKnown ? known : await verify(token, now)
      if (claims === null || claims.expiresAt <= now) return null
      if (!isKnown) verified.set(name, claims)
      return claims
    },
  }
}

/**
 * Writes claims as a JWS in compact form (RFC 7515 §3.1), signed at once: jose signs through WebCrypto, whose
 * way to another thread and back costs as much again as the 30 µs of the signature.
 */
function createWriter({ kid, privateKey }: SigningKey): (claims: JWTPayload) => string {
  const header = encode({ alg: 'ES256', typ: 'at+jwt', kid })
  // JWS wants r and s side by side (RFC 7518 §3.4), where OpenSSL's own form is DER.
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
  return (claims) => {
    const signed = `${header}.${encode(claims)}`
    const signature = withLowS(sign('sha256', Buffer.from(signed), key))
    return `${signed}.${signature.toString('base64url')}`
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * Whether every part is the one right spelling of its bytes in base64url (RFC 7515 §2, RFC 4648 §3.5).
 * Decoders also take padding, white space and stray low bits, which would give one token many names.
 */
function isCanonical(token: string): boolean {
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}
