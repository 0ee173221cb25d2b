import type { FastifyReply, FastifyRequest } from 'fastify'
import { addBrowserHeaders, browserHeadersFor } from './browser-headers.ts'
import { addCorsHeaders } from './cors.ts'

export interface ReplyHeaderOptions {
  /** The public address of the service. */
  readonly issuer: string
  readonly allowedOrigins: readonly string[]
}

/**
 * Returns what adds the headers of every reply, accepted or refused, also where no route is found. No reply may be
 * stored by default (RFC 9111 §5.2.2.5), because most are for one person; a route whose reply is public sets its own
 * `cache-control`.
 */
export function createReplyHeaders({
  issuer,
  allowedOrigins,
}: ReplyHeaderOptions): (request: FastifyRequest, reply: FastifyReply) => void {
  const browserHeaders = browserHeadersFor(issuer)
  return (request, reply) => {
    reply.header('x-trace-id', request.id)
    reply.header('cache-control', 'no-store')
    addBrowserHeaders(request, reply, browserHeaders)
    addCorsHeaders(request, reply, allowedOrigins)
  }
}
