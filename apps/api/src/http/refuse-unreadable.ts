import { Failure } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'

/** Their bodies are never read. */
const bodiless = ['GET', 'HEAD']

/**
 * The refusal of a request whose address or body this service would read as something else than its sender wrote, or
 * than a proxy in front of it has read.
 */
export function refusalOfUnreadable({ raw, headers }: FastifyRequest): Failure | undefined {
  // A request target has no fragment (RFC 9112 §3.2.1); the router would drop it.
  if (raw.url?.includes('#'))
    return new Failure('invalid_input', { detail: 'the address has a fragment' })
  if (hasBrokenQuery(raw.url ?? ''))
    return new Failure('invalid_input', { detail: 'the query is not percent-encoded UTF-8' })
  if (bodiless.includes(raw.method ?? '')) return undefined
  const coding = headers['content-encoding']
  if (coding !== undefined && !/^identity$/i.test(coding))
    return new Failure('unsupported_media_type', { detail: 'a content encoding' })
  const type = headers['content-type']
  if (type?.includes(';') && hasOtherCharset(type))
    return new Failure('unsupported_media_type', { detail: 'a charset other than UTF-8' })
  return undefined
}

/** The parser of the query would take a broken escape for the text that it is written with. */
function hasBrokenQuery(url: string): boolean {
  const query = url.indexOf('?')
  if (query < 0 || !url.includes('%', query)) return false
  try {
    decodeURIComponent(url.slice(query))
    return false
  } catch {
    return true
  }
}

/** JSON is UTF-8 (RFC 8259 §8.1). A parameter may be quoted, and its name is not case-sensitive (RFC 9110 §5.6.6). */
function hasOtherCharset(type: string): boolean {
  const charsets = type.matchAll(/;\s*charset\s*=\s*([^;]*)/gi)
  return [...charsets].some(([, charset = '']) => !/^(?:utf-?8|"utf-?8")$/i.test(charset.trim()))
}
