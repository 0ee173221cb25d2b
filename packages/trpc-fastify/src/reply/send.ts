import type { AnyTRPCRouter, TRPCError } from '@trpc/server'
import { getHTTPStatusCode, type ResponseMeta } from '@trpc/server/http'
import { requestInfoOf } from '../call/request-info.ts'
import type { RpcRequest } from '../rpc-request.ts'
import { varyWith } from './vary.ts'

/** The result or the error of one call. */
export type ReplyItem =
  | { readonly error: unknown }
  | { readonly result: { readonly data: unknown } }

/** Applies the router's transformer, without the object spreading of tRPC's own `transformTRPCResponse`. */
export function serializeItem(
  config: AnyTRPCRouter['_def']['_config'],
  item: ReplyItem,
): ReplyItem {
  const { output } = config.transformer
  if ('error' in item) return { error: output.serialize(item.error) }
  return { result: { data: output.serialize(item.result.data) } }
}

const vary = 'trpc-accept, accept'

/** The HTTP status of the reply. Calls `responseMeta`, which may replace it, and adds the headers that it returns. */
export function applyResponseMeta(
  rpc: RpcRequest,
  items: Parameters<typeof getHTTPStatusCode>[0],
  errors: readonly (TRPCError | undefined)[],
): number {
  const status = errors.some(Boolean) ? getHTTPStatusCode(items, errors) : 200
  const { responseMeta } = rpc.router.options
  if (responseMeta === undefined) return status
  const info = rpc.refusal === null ? requestInfoOf(rpc) : undefined
  const meta = responseMeta({
    ctx: rpc.context,
    info,
    paths: info?.calls.map((call) => call.path),
    data: Array.isArray(items) ? items : [items],
    errors: errors.filter((error) => error !== undefined),
    eagerGeneration: false,
    type: rpc.calls.find((call) => call.entry)?.entry?.type ?? 'unknown',
  })
  if (meta?.headers) addHeaders(rpc, meta.headers)
  return meta?.status || status
}

function addHeaders(rpc: RpcRequest, added: NonNullable<ResponseMeta['headers']>): void {
  const headers = rpc.headers ?? new Headers(defaultHeaders(rpc))
  rpc.headers = headers
  if (added instanceof Headers) {
    for (const [name, value] of added) headers.append(name, value)
    return
  }
  for (const [name, value] of Object.entries(added)) {
    if (Array.isArray(value)) for (const each of value) headers.append(name, each)
    else if (typeof value === 'string') headers.set(name, value)
  }
}

/** Sorted by name, as the headers of a `Response` are. */
function defaultHeaders({ allow, contentType }: RpcRequest): [string, string][] {
  const headers: [string, string][] = [['vary', vary]]
  if (contentType !== undefined) headers.unshift(['content-type', contentType])
  if (allow !== undefined) headers.unshift(['allow', allow])
  return headers
}

/** The content type that `Response` gives to a string body (Fetch Standard, "extract a body"). */
const defaultContentType = 'text/plain;charset=UTF-8'

/** Sends the reply. @throws RangeError or TypeError for a status that a `Response` with a body cannot have */
export function send(rpc: RpcRequest, status: number, body: string): void {
  const { reply, headers } = rpc
  // The service has answered itself, for example with a redirect; Fastify logs a warning.
  if (reply.sent) {
    reply.send(body)
    return
  }
  reply.code(isBodyStatus(status) ? status : new Response('', { status }).status)
  if (headers === undefined) {
    if (rpc.allow !== undefined) reply.header('allow', rpc.allow)
    reply.header('content-type', rpc.contentType ?? defaultContentType)
    reply.header('vary', varyWith(reply, vary))
  } else {
    if (!headers.has('content-type')) headers.set('content-type', defaultContentType)
    headers.set('vary', varyWith(reply, headers.get('vary') ?? vary))
    for (const [name, value] of headers) reply.header(name, value)
  }
  // A serializer keeps Fastify from adding a charset, which JSON does not have (RFC 8259 §11).
  reply.serializer(identity).send(body)
}

function identity(payload: string): string {
  return payload
}

/** True for the common statuses. For the others `Response` itself decides, by throwing, whether a body is allowed. */
function isBodyStatus(status: number): boolean {
  return status === 200 || status === 207 || (status >= 400 && status < 600 && status % 1 === 0)
}
