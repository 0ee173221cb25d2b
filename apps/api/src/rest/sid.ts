import { Failure } from '@mianmi/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import { bearerToken } from '../http/bearer-token.ts'

const name = 'sid'
const isJson = /^application\/json\b/i

export interface Presented {
  readonly token: string
  /** Whether a browser may have sent it by itself. */
  readonly byCookie: boolean
}

/** The access token from `Authorization: Bearer`, the header `sid` or the cookie `sid`: the first there is counts. */
export function presentedToken({ headers }: FastifyRequest): Presented | null {
  const explicit = bearerToken(headers.authorization) || headers[name]?.toString()
  if (explicit) return { token: explicit, byCookie: false }
  const cookie = cookieSid(headers.cookie)
  return cookie ? { token: cookie, byCookie: true } : null
}

/**
 * Refuses what another site may have made a browser send: a cookie goes along by itself, so what changes
 * something has to be JSON, which no form can send, and come from a page of ours or of an allowed origin.
 *
 * @throws Failure `invalid_input` or `forbidden`
 */
export function refuseForgery(request: FastifyRequest, allowedOrigins: readonly string[]): void {
  if (!isJson.test(request.headers['content-type'] ?? ''))
    throw new Failure('invalid_input', { detail: 'a cookie needs JSON beside it' })
  const { origin } = request.headers
  if (origin === undefined || allowedOrigins.includes(origin)) return
  if (!URL.canParse(origin) || new URL(origin).host !== request.host)
    throw new Failure('forbidden', { detail: 'a cookie from a page of another origin' })
}

/** @param ttl milliseconds that the token lives */
export function setSid(reply: FastifyReply, { token, ttl }: { token: string; ttl: number }): void {
  reply.header('set-cookie', cookieText(reply.request, token, Math.ceil(ttl / 1000)))
}

export function clearSid(reply: FastifyReply): void {
  reply.header('set-cookie', cookieText(reply.request, '', 0))
}

/** RFC 6265 §4.1; a token has no character that would need quoting. */
function cookieText(request: FastifyRequest, value: string, maxAge: number): string {
  const secure = isLoopback(request) ? '' : '; Secure'
  return `${name}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure}`
}

/** RFC 6265 §5.4, and the attributes too that a client sends back which stores `Set-Cookie` whole. */
function cookieSid(header: string | undefined): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', ...value] = pair.split('=')
    if (key.trim() === name) return value.join('=').trim()
  }
  return null
}

/** Both ends have to say so: behind a proxy on the same machine the address alone would look local. */
function isLoopback({ ip, hostname }: FastifyRequest): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return isLoopbackAddress(ip) && (host === 'localhost' || isLoopbackAddress(host))
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
