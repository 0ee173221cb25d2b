import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Browsers accept the prefix `__Host-` only from this very host, over a secure connection and for all paths (RFC
 * 6265bis §4.1.3.2). Chromium and Firefox treat loopback as secure; Safari requires https there too.
 */
const sessionName = '__Host-mianmi-operator'
/** Shows that an administrator has signed in with both factors in this browser. It proves nothing else. */
const browserName = '__Host-mianmi-browser'
const attributes = 'HttpOnly; Secure; SameSite=Strict; Path=/'
/** Seconds: 90 days, as long as the service knows a browser. */
const browserMaxAge = 90 * 24 * 3_600

type Headers = Pick<FastifyRequest, 'headers'>

/**
 * The token of the session cookie. Null also when the cookie is sent twice: another host of the domain may have set one
 * of them.
 */
export const adminToken = (request: Headers): string | null => readCookie(request, sessionName)

/** The token of the cookie by which a browser is known; null also when it is sent twice. */
export const browserToken = (request: Headers): string | null => readCookie(request, browserName)

/** Sets or removes a session cookie. The service itself limits how long the token is valid. */
export function setAdminToken(reply: FastifyReply, token: string | null): void {
  const value = token === null ? `${sessionName}=; Max-Age=0` : `${sessionName}=${token}`
  reply.header('set-cookie', `${value}; ${attributes}`)
}

export function setBrowserToken(reply: FastifyReply, token: string): void {
  reply.header('set-cookie', `${browserName}=${token}; Max-Age=${browserMaxAge}; ${attributes}`)
}

function readCookie({ headers }: Headers, name: string): string | null {
  const { cookie = '' } = headers
  const values = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value = '', ...others] = values
  return value === '' || others.length > 0 ? null : value
}
