import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './error-replies.ts'

/**
 * Makes a hook (`onRequest`) that finds a route only under the address as it is written here. The router would find
 * `/%61dmin/` too (RFC 3986 §6.2.2.2), and a proxy that keeps `/admin` to an own network may compare letters.
 *
 * @param refuseAs sends the 404 in the form of the place; default: that of tRPC
 */
export function requireLiteralPath(prefix: string, refuseAs = refuseNotFound) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (request.raw.url?.startsWith(prefix)) done()
    else refuseAs(request, reply)
  }
}

const refuseNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  refuse(request, reply, 'not_found')
