import type { FastifyRequest } from 'fastify'

/**
 * Whether a page of another origin may have caused this request. A second check behind `SameSite=Strict`, which
 * treats sibling hosts as the same site. `ALLOWED_ORIGINS` is for users' clients and does not apply here. OWASP
 * Cross-Site Request Forgery Prevention Cheat Sheet, "Verifying Origin".
 */
export function isCrossOrigin(
  { headers, method }: Pick<FastifyRequest, 'headers' | 'method'>,
  issuer: string,
): boolean {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined) return !isOwnOrigin(origin, { host, issuer })
  // Without `Origin`: a browser sends at least `Sec-Fetch-Site`; other clients send neither and have no cookies.
  if (site !== undefined) return site !== 'same-origin' && !(site === 'none' && method === 'GET')
  return method !== 'GET'
}

function isOwnOrigin(origin: string, own: { host: string | undefined; issuer: string }): boolean {
  if (!URL.canParse(origin)) return false
  const { origin: sentOrigin, host, protocol } = new URL(origin)
  if (URL.canParse(own.issuer) && new URL(own.issuer).origin === sentOrigin) return true
  // Behind a proxy only the host is reliable: the client may use https where this service sees http.
  return (protocol === 'https:' || protocol === 'http:') && host === own.host
}
