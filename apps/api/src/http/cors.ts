import type { FastifyReply, FastifyRequest } from 'fastify'
import { addVary } from './vary.ts'

/** The methods that browser pages of other origins may use; `DELETE` and others belong to services. */
const methods = 'GET, HEAD, POST'
/** How long a browser may keep the answer to a preflight, in seconds. */
const maxAge = '600'

export type CorsHeaders = Readonly<Record<string, string>>

/**
 * The headers that let a page of an allowed origin read the reply (Fetch Standard, §3.3.5); none for other origins.
 *
 * @param origin the request's `Origin`
 */
export function corsHeaders(
  origin: string | undefined,
  allowedOrigins: readonly string[],
): CorsHeaders {
  if (origin === undefined || !allowedOrigins.includes(origin)) return {}
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
}

/** Adds the CORS headers to a reply, which differs by origin where any is allowed. */
export function addCorsHeaders(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  allowedOrigins: readonly string[],
): void {
  if (allowedOrigins.length === 0) return
  addVary(reply, 'Origin')
  reply.headers(corsHeaders(headers.origin, allowedOrigins))
}

/**
 * Answers a preflight: a browser asks before a page of another origin sends what a form could not. Returns whether
 * the request was one. Without allowed origins there is none.
 */
export function answerPreflight(
  { method, headers, url }: FastifyRequest,
  reply: FastifyReply,
  allowedOrigins: readonly string[],
): boolean {
  if (method !== 'OPTIONS' || allowedOrigins.length === 0) return false
  // Service keys are not for browsers.
  if (url.startsWith('/v1/')) return false
  if (!headers.origin || !headers['access-control-request-method']) return false
  addVary(reply, 'Access-Control-Request-Headers')
  if (allowedOrigins.includes(headers.origin)) {
    const asked = headers['access-control-request-headers']
    reply.headers({ 'access-control-allow-methods': methods, 'access-control-max-age': maxAge })
    if (asked !== undefined) reply.header('access-control-allow-headers', asked)
  }
  reply.code(204).send()
  return true
}
