import { Failure } from '@mianmi/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { authorizationOf, bearerToken } from '../http/bearer-token.ts'

const name = 'sid'
const jsonType = /^application\/json\b/i

export interface RequestToken {
  readonly token: string
  /** Whether it came from the cookie, which a browser sends by itself. */
  readonly fromCookie: boolean
}

/**
 * The access token from `Authorization: Bearer`, the header `sid` or the cookie `sid`, in this order of precedence.
 */
export function requestToken(request: FastifyRequest): RequestToken | null {
  const { headers } = request
  const headerToken = bearerToken(authorizationOf(request)) || headers[name]?.toString()
  if (headerToken) return { token: headerToken, fromCookie: false }
  const cookie = cookieSid(headers.cookie)
  return cookie ? { token: cookie, fromCookie: true } : null
}

/**
 * Refuses a request that another site may have caused (CSRF): the browser sends the cookie by itself, so a request
 * that changes something must be JSON, which no form can send, and come from the same or an allowed origin.
 *
 * @throws Failure `invalid_input` or `forbidden`
 */
export function refuseCrossSite(request: FastifyRequest, allowedOrigins: readonly string[]): void {
  if (!jsonType.test(request.headers['content-type'] ?? ''))
    throw new Failure('invalid_input', { detail: 'a request with the cookie must be JSON' })
  const { origin } = request.headers
  if (origin === undefined || allowedOrigins.includes(origin)) return
  if (!URL.canParse(origin) || new URL(origin).host !== request.host)
    throw new Failure('forbidden', { detail: 'a request with the cookie from another origin' })
}

/** @param ttl lifetime of the token in ms */
export function setSid(reply: FastifyReply, { token, ttl }: { token: string; ttl: number }): void {
  reply.header('set-cookie', cookieText(reply.request, token, Math.ceil(ttl / 1000)))
}

export function clearSid(reply: FastifyReply): void {
  reply.header('set-cookie', cookieText(reply.request, '', 0))
}

/** RFC 6265 §4.1. A token contains no character that would need quoting. */
function cookieText(request: FastifyRequest, value: string, maxAge: number): string {
  const secure = isLoopback(request) ? '' : '; Secure'
  return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure}`
}

/**
 * Reads RFC 6265 §5.4. Two cookies `sid` are none: another host of the domain may have set one of them. Also skips cookie attributes, because some clients send a stored `Set-Cookie` back whole.
 */
function cookieSid(header: string | undefined): string | null {
  const values = (header?.split(';') ?? []).flatMap((pair) => {
    const [key = '', ...value] = pair.split('=')
    return key.trim() === name ? [value.join('=').trim()] : []
  })
  return values.length === 1 ? (values[0] ?? null) : null
}

/**
 * Both the client and the requested host must be loopback: behind a proxy on the same machine the client's address
 * alone would look local.
 */
function isLoopback({ clientAddress, hostname }: FastifyRequest): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return isLoopbackAddress(clientAddress) && (host === 'localhost' || isLoopbackAddress(host))
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
