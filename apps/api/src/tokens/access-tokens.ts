import { randomUUID, sign } from 'node:crypto'
import {
  createBoundedCache,
  type ServiceUserStore,
  type TokenMaker,
  type VerifiedClaims,
} from '@mianmi/core'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import { concatenatedSignature } from './der-signature.ts'
import type { KeyRing } from './key-ring.ts'
import { hasLowS, withLowS } from './low-s.ts'
import type { SigningKey } from './signing-key.ts'

type AccessTokens = Pick<TokenMaker, 'signAccess' | 'verifyAccess'>

interface VerifiedToken extends VerifiedClaims {
  /** The complete token. */
  readonly token: string
}

/** Upper limit of verified tokens in the cache. */
const maxCached = 20_000
/**
 * Length of the cache key: the end of the token's signature. The entry found is then compared with the whole token.
 * A look-up hashes its key, so the whole token of 480 characters would be hashed at every call.
 */
const cacheKeyLength = 43
/**
 * How much later than now a token may have been issued, in ms: by a clock that was ahead and was set right since. A
 * token outlives its lifetime by as much; a client whose token is refused gets another by refreshing. Half an hour, so
 * that a clock which jumps by ten minutes, either way, is not noticed. `exp` is not bounded: a lowered ACCESS_TOKEN_TTL
 * ends no token.
 */
const maxAheadMs = 1_800_000
/** Below this lifetime in ms `exp` gets a fraction, because whole seconds would be too coarse. */
const fractionalBelowMs = 60_000

/** Access tokens as JWTs of RFC 9068: ES256, `typ: at+jwt`, verifiable by any service through the JWKS. */
export function createAccessTokens(options: {
  keys: Pick<KeyRing, 'current' | 'readAgain'>
  issuer: string
  /** Lifetime in ms. */
  ttl: number
  /** Finds the external id of a user, for a claim. Without it the tokens have none. */
  externalIdOf?: (userId: string) => Promise<string | null>
}): AccessTokens {
  const { keys, issuer, ttl, externalIdOf } = options
  const findKey = (kid: string | undefined, now: number) => {
    const { signing, former } = keys.current()
    if (kid === signing.kid) return signing.publicKey
    const found = former.find((each) => each.kid === kid)
    return found === undefined || (found.until !== null && found.until <= now)
      ? null
      : found.publicKey
  }
  const findNewKey = async (kid: string | undefined, now: number) => {
    await keys.readAgain()
    const found = findKey(kid, now)
    if (found === null) throw new errors.JWKSNoMatchingKey()
    return found
  }
  /** The key is chosen among those of the service alone, by the id in the token's header. */
  const keyOf = (kid: string | undefined, now: number) => findKey(kid, now) ?? findNewKey(kid, now)
  let signer = createSigner(keys.current().signing)
  const signClaims = (claims: JWTPayload): string => {
    const { signing } = keys.current()
    if (signing.kid !== signer.kid) signer = createSigner(signing)
    return signer.sign(claims)
  }
  const verified = createBoundedCache<VerifiedToken>({ most: maxCached })

  const verify = async (token: string, now: number): Promise<VerifiedToken | null> => {
    if (!isCanonical(token) || !hasLowS(token)) return null
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => keyOf(kid, now), {
        algorithms: ['ES256'],
        typ: 'at+jwt',
        issuer,
        requiredClaims: ['sub', 'aud', 'sid', 'jti', 'iat', 'exp'],
        currentDate: new Date(now),
      })
      const { sub, aud, sid, iat, exp } = payload
      if (typeof sub !== 'string' || typeof aud !== 'string' || typeof sid !== 'string') return null
      // A token of an earlier version has no client_id. It lives on for the lifetime of an access token.
      if ((payload['client_id'] ?? aud) !== aud) return null
      const times = { issuedAt: Number(iat) * 1000, expiresAt: Number(exp) * 1000 }
      return { token, userId: sub, appId: aud, sessionId: sid, ...times }
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }

  return {
    async signAccess({ sessionId, userId, appId }, now) {
      const iat = ttl < fractionalBelowMs ? now / 1000 : Math.floor(now / 1000)
      const exp = iat + ttl / 1000
      const jti = randomUUID()
      const externalId = externalIdOf === undefined ? null : await externalIdOf(userId)
      const token = signClaims({
        iss: issuer,
        sub: userId,
        aud: appId,
        client_id: appId,
        sid: sessionId,
        jti,
        iat,
        exp,
        ...(externalId === null ? {} : { externalId }),
      })
      return { token, expiresAt: Math.floor(exp * 1000) }
    },

    async verifyAccess(token, now) {
      const cacheKey = token.slice(-cacheKeyLength)
      const cached = verified.get(cacheKey)
      const isCached = cached?.token === token
      const claims = isCached ? cached : await verify(token, now)
      if (claims === null || claims.expiresAt <= now) return null
      if (claims.issuedAt > now + maxAheadMs) return null
      if (!isCached) verified.set(cacheKey, claims)
      return claims
    },
  }
}

/** The external id as it is when the token is issued; a change of it is in the next token. */
export function externalIdFrom(
  users: Pick<ServiceUserStore, 'find'>,
): (userId: string) => Promise<string | null> {
  return async (userId) => {
    const user = await users.find({ userId }, { identities: false, phone: false })
    return user?.externalId ?? null
  }
}

/**
 * Signs claims as a JWS in compact form (RFC 7515 §3.1), synchronously: jose signs through WebCrypto, whose round
 * trip to another thread costs as much again as the 30 µs of the signature.
 */
function createSigner({ kid, privateKey }: SigningKey): {
  readonly kid: string
  sign(claims: JWTPayload): string
} {
  const header = encode({ alg: 'ES256', typ: 'at+jwt', kid })
  return {
    kid,
    sign(claims) {
      const signed = `${header}.${encode(claims)}`
      // Node's `dsaEncoding` would concatenate r and s, but for a key with options Node 24 throws and catches errors, which
      // takes as long as the signature.
      const der = sign('sha256', Buffer.from(signed), privateKey)
      const signature = withLowS(concatenatedSignature(der))
      return `${signed}.${signature.toString('base64url')}`
    },
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * Whether every part is the canonical base64url of its bytes (RFC 7515 §2, RFC 4648 §3.5). Decoders also accept
 * padding, white space and stray low bits, which would give one token many spellings.
 */
function isCanonical(token: string): boolean {
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}
