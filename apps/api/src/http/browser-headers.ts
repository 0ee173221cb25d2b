import type { FastifyReply, FastifyRequest } from 'fastify'

/** A year, in seconds. */
const httpsFor = 31_536_000

/**
 * What tells a browser to guess no type, frame nothing, run nothing and pass no address on. A door that
 * serves a page says by itself what that page may do. Where the service is known by an https address,
 * browsers are told to use no other (RFC 6797).
 */
export function headersForBrowsers(issuer: string): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    // For browsers that do not know frame-ancestors.
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    ...(issuer.startsWith('https:') ? { 'strict-transport-security': `max-age=${httpsFor}` } : {}),
  }
}

/**
 * Nothing that a browser opens by itself has an `Authorization` of ours, so calls that have one are spared
 * what they have no use for: it would make them a tenth dearer.
 */
export function tellBrowsers(
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Record<string, string>,
): void {
  if (request.headers.authorization === undefined) reply.headers(headers)
  else reply.header('x-content-type-options', 'nosniff')
}
