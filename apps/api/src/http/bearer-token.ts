import type { FastifyRequest } from 'fastify'

const prefix = 'Bearer '
/** The white space that a header may contain: RFC 9110 §5.5, and that of Latin-1. */
const spaces = [' ', '\t', '\u00a0']

/**
 * The token of an `Authorization` header (RFC 6750 §2.1), or null. The scheme is not case-sensitive (RFC 9110
 * §11.1).
 */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null
  // Fast path for the usual spelling; the regular expression accepts it too but takes five times as long.
  if (
    header.startsWith(prefix) &&
    header.length > prefix.length &&
    !hasSpace(header, prefix.length)
  )
    return header.slice(prefix.length)
  return header.match(/^Bearer +(\S+)$/i)?.[1] ?? null
}

function hasSpace(text: string, from: number): boolean {
  for (const space of spaces) if (text.indexOf(space, from) !== -1) return true
  return false
}

/**
 * The only `Authorization` header of a request. Two are none: Node keeps the first one, and a proxy in front may have
 * checked the other one.
 */
export function authorizationOf({ raw, headers }: FastifyRequest): string | undefined {
  const { authorization } = headers
  if (authorization === undefined) return undefined
  const { rawHeaders } = raw
  let found = 0
  // Names and values in turn. The length is compared first, because few names have it.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 13 && name.toLowerCase() === 'authorization') found++
  }
  return found > 1 ? undefined : authorization
}
