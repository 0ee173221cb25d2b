import type { TRPCError } from '@trpc/server'
import { getHTTPStatusCode, type ResponseMeta } from '@trpc/server/http'
import { infoOf } from '../call/info.ts'
import type { Exchange } from '../exchange.ts'

type Item = Parameters<typeof getHTTPStatusCode>[0]

const vary = 'trpc-accept, accept'

/** The status of the reply, after `responseMeta` has had its say on it and on the headers. */
export function statusOf(
  exchange: Exchange,
  json: Item,
  errors: readonly (TRPCError | undefined)[],
): number {
  const status = errors.some(Boolean) ? getHTTPStatusCode(json, errors) : 200
  const { responseMeta } = exchange.service.options
  if (responseMeta === undefined) return status
  const info = exchange.refusal === null ? infoOf(exchange) : undefined
  const meta = responseMeta({
    ctx: exchange.context,
    info,
    paths: info?.calls.map((call) => call.path),
    data: Array.isArray(json) ? json : [json],
    errors: errors.filter((error) => error !== undefined),
    eagerGeneration: false,
    type: exchange.calls.find((call) => call.known)?.known?.type ?? 'unknown',
  })
  if (meta?.headers) addHeaders(exchange, meta.headers)
  return meta?.status || status
}

function addHeaders(exchange: Exchange, added: NonNullable<ResponseMeta['headers']>): void {
  const headers = exchange.headers ?? new Headers(ownHeaders(exchange))
  exchange.headers = headers
  if (added instanceof Headers) {
    for (const [name, value] of added) headers.append(name, value)
    return
  }
  for (const [name, value] of Object.entries(added)) {
    if (Array.isArray(value)) for (const each of value) headers.append(name, each)
    else if (typeof value === 'string') headers.set(name, value)
  }
}

/** Headers in the order of their names, as those of a `Response` are. */
function ownHeaders({ allow, contentType }: Exchange): [string, string][] {
  const headers: [string, string][] = [['vary', vary]]
  if (contentType !== undefined) headers.unshift(['content-type', contentType])
  if (allow !== undefined) headers.unshift(['allow', allow])
  return headers
}

/** What a `Response` says of a text of which nothing is said. */
const untyped = 'text/plain;charset=UTF-8'

export function send(exchange: Exchange, status: number, body: string): void {
  const { reply, headers } = exchange
  reply.code(isUsual(status) ? status : new Response('', { status }).status)
  if (headers === undefined) {
    if (exchange.allow !== undefined) reply.header('allow', exchange.allow)
    reply.header('content-type', exchange.contentType ?? untyped)
    reply.header('vary', vary)
  } else {
    if (!headers.has('content-type')) headers.set('content-type', untyped)
    for (const [name, value] of headers) reply.header(name, value)
  }
  // A serializer keeps Fastify from adding a charset, which JSON does not have (RFC 8259 §11).
  reply.serializer(asIs).send(body)
}

function asIs(payload: string): string {
  return payload
}

/** Of any other status `Response` says whether a reply with a body may have it, by throwing. */
function isUsual(status: number): boolean {
  return status === 200 || status === 207 || (status >= 400 && status < 600 && status % 1 === 0)
}
