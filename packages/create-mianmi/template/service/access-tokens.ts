import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

export interface TrustedIssuer {
  /** `ISSUER` of mianmi: every token says it. */
  issuer: string
  /** Where mianmi answers; its keys are at `/.well-known/jwks.json`. */
  url: string
  appId: string
}

/**
 * Reads the user id of an access token that mianmi has issued for this mini program; null where the token is not valid.
 * A token lives for 15 minutes. What must end at once with the session asks `/v1/introspect` instead.
 */
export function createTokenReader({ issuer, url, appId }: TrustedIssuer) {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', url))
  const options = { issuer, audience: appId, typ: 'at+jwt', algorithms: ['EdDSA', 'ES256'] }
  return async (authorization = ''): Promise<string | null> => {
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
    if (token === undefined) return null
    try {
      return (await jwtVerify(token, keys, options)).payload.sub ?? null
    } catch (error) {
      // Anything but a refused token is a fault: mianmi cannot be reached, for instance.
      const isRefused = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)
      if (isRefused) return null
      throw error
    }
  }
}
