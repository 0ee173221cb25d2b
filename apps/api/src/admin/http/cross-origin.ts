import type { FastifyRequest } from 'fastify'

/**
 * Whether another site's page may have made the browser send this. A second wall behind `SameSite=Strict`,
 * for a site on a neighbouring host counts as the same; so `ALLOWED_ORIGINS`, meant for users, counts for
 * nothing here. OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Verifying Origin".
 */
export function isCrossOrigin(
  { headers, method }: Pick<FastifyRequest, 'headers' | 'method'>,
  issuer: string,
): boolean {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined) return !isOwn(origin, { host, issuer })
  // Without Origin: a browser says at least how the page is related; a program without cookies says nothing.
  if (site !== undefined) return site !== 'same-origin' && !(site === 'none' && method === 'GET')
  return method !== 'GET'
}

function isOwn(origin: string, own: { host: string | undefined; issuer: string }): boolean {
  if (!URL.canParse(origin)) return false
  const { origin: said, host, protocol } = new URL(origin)
  if (URL.canParse(own.issuer) && new URL(own.issuer).origin === said) return true
  // Behind a proxy only the host is known: it speaks https where we see http.
  return (protocol === 'https:' || protocol === 'http:') && host === own.host
}
