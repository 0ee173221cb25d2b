import type { FastifyRequest } from 'fastify'

/** Whether the connection is encrypted, also over HTTP/2. */
export function isSecure({ raw: { headers, socket } }: FastifyRequest): boolean {
  return headers[':scheme'] === 'https' || ('encrypted' in socket && socket.encrypted === true)
}

/** The `host` header, or the `:authority` of HTTP/2. */
export function hostOf({ raw: { headers } }: FastifyRequest): string {
  const host = headers.host ?? headers[':authority'] ?? 'localhost'
  return typeof host === 'string' ? host : host.join()
}

/** Scheme and host, such as `https://example.org`; not validated. */
export function baseUrlOf(request: FastifyRequest): string {
  return `${isSecure(request) ? 'https' : 'http'}://${hostOf(request)}`
}

/** The whole address. @throws TypeError for an invalid one */
export function urlOf(request: FastifyRequest): URL {
  return new URL(request.raw.url ?? '/', baseUrlOf(request))
}

/**
 * Whether tRPC's handler, which creates a `Request` for each request, can create one for this. `Request` throws for
 * TRACE, for an invalid host and for user names (Fetch Standard §5.4), and the client would get a 500.
 */
export function isFetchRequest(request: FastifyRequest): boolean {
  const { method, url = '/', headers } = request.raw
  if (method === 'TRACE' || headers.host?.includes('@')) return false
  if (!url.startsWith('/') && url.includes('@')) return false
  return URL.canParse(url, baseUrlOf(request))
}
