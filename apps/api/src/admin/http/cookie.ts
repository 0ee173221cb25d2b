import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * A browser takes the prefix as a promise that this very host set it over a secure connection, for all paths
 * (RFC 6265bis §4.1.3.2). Chromium and Firefox count loopback as secure; Safari wants https there too.
 */
const name = '__Host-mianmi-operator'
const attributes = 'HttpOnly; Secure; SameSite=Strict; Path=/'

/** The one value, or null; two of one name would mean that somebody else set one. */
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

/** Ends with the browser; how long it is good for is the service's to say. */
export function setAdminToken(reply: FastifyReply, token: string | null): void {
  const value = token === null ? `${name}=; Max-Age=0` : `${name}=${token}`
  reply.header('set-cookie', `${value}; ${attributes}`)
}
