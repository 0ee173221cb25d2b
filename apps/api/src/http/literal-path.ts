import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './error-replies.ts'

/**
 * Makes a hook (`onRequest`) that finds a route only under the address as it is written here. The router would find
 * `/%61dmin/` too (RFC 3986 §6.2.2.2), and a proxy that keeps `/admin` to an own network, or lets one route of `/v1` through, may
 * compare letters.
 *
 * @param refuseAs sends the 404 in the form of the place; default: that of tRPC
 */
export function requireLiteralPath(prefix: string, refuseAs = refuseNotFound) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { url = '' } = request.raw
    if (url.startsWith(prefix) && isLiteral(url, request.routeOptions.url)) done()
    else refuseAs(request, reply)
  }
}

/** Whether each fixed part of the route is written so in the address. What a parameter or `*` stands for may be escaped. */
function isLiteral(url: string, route = ''): boolean {
  const parts = (url.split('?')[0] ?? '').split('/')
  return route
    .split('/')
    .every((part, index) => part.startsWith(':') || part === '*' || part === parts[index])
}

const refuseNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  refuse(request, reply, 'not_found')
