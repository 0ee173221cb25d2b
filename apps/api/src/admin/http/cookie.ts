import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Browsers accept the prefix `__Host-` only from this very host, over a secure connection and for all paths (RFC
 * 6265bis §4.1.3.2). Chromium and Firefox treat loopback as secure; Safari requires https there too.
 */
const name = '__Host-mianmi-operator'
const attributes = 'HttpOnly; Secure; SameSite=Strict; Path=/'

/**
 * The token of the cookie. Null also when the cookie is sent twice: another host of the domain may have set one of
 * them.
 */
export function adminToken({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const { cookie = '' } = headers
  const values = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value = '', ...others] = values
  return value === '' || others.length > 0 ? null : value
}

/** Sets or removes a session cookie. The service itself limits how long the token is valid. */
export function setAdminToken(reply: FastifyReply, token: string | null): void {
  const value = token === null ? `${name}=; Max-Age=0` : `${name}=${token}`
  reply.header('set-cookie', `${value}; ${attributes}`)
}
