import type { FastifyRequest } from 'fastify'
import { baseOf } from '../call/info.ts'

/**
 * Whether tRPC's handler, which makes the web's `Request` of everything, can make one of this: it throws at
 * TRACE, at a host that is none and at user names (Fetch §5.4), and the caller would be told of a fault of ours.
 */
export function fitsRequest(request: FastifyRequest): boolean {
  const { method, url = '/', headers } = request.raw
  if (method === 'TRACE' || headers.host?.includes('@')) return false
  if (!url.startsWith('/') && url.includes('@')) return false
  return URL.canParse(url, baseOf(request))
}
