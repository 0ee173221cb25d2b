import { TRPCError, type TRPCProcedureType } from '@trpc/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { addCall } from '../call/add-call.ts'
import { baseOf, hostOf, isSecure } from '../call/info.ts'
import { createExchange, type Exchange } from '../exchange.ts'
import { isUnloaded, procedureAt, type Service } from '../service.ts'
import { readQuery } from './query.ts'

/**
 * Reads a request as calls to make or as a refusal; null for what the official handler is to
 * answer: everything but plain JSON by GET and POST, and whatever is unusual about an address.
 */
export function readExchange(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
): Exchange | null {
  const { method, headers } = request.raw
  const type = headers['content-type']
  const refusedForm = !service.allowFormData && method === 'POST' && isFormData(type)
  if (!refusedForm && !isPlain(request)) return null
  if (!hasUsualAddress(request)) return null
  const exchange = createExchange(service, request, reply)
  const path = decodePath(service, (request.params as { path: string }).path)
  if (path instanceof TRPCError) return refused(exchange, path)
  if (refusedForm) {
    // Nobody reads the rest of it.
    reply.header('connection', 'close')
    return refused(exchange, unsupportedType(type))
  }
  const query = readQuery(request.raw.url ?? '')
  if (query.connectionParams) return null
  exchange.isBatch = query.batch
  exchange.text = method === 'GET' ? query.input : unmarked(request.body as string)
  return query.batch ? readBatch(exchange, path) : readCall(exchange, path)
}

/** A byte order mark is no part of a text that is decoded as the Encoding Standard says (§6, "UTF-8 decode"). */
function unmarked(body: string): string {
  return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
}

function readCall(exchange: Exchange, path: string): Exchange | null {
  const { service } = exchange
  const known = procedureAt(service, path)
  if (known === null) {
    if (isUnloaded(service, path)) return null
  } else {
    if (known.type === 'subscription') return null
    exchange.type = known.type
  }
  addCall(exchange, path, known)
  return exchange
}

function readBatch(exchange: Exchange, path: string): Exchange | null {
  const paths = path.split(',')
  const { maxBatchSize } = exchange.service.options
  if (typeof maxBatchSize === 'number' && paths.length > maxBatchSize)
    return refused(exchange, badRequest('Batch call exceeds maximum size'))
  const types: TRPCProcedureType[] = []
  for (const each of paths) {
    if (readCall(exchange, each) === null) return null
    const type = exchange.calls.at(-1)?.known?.type
    if (type !== undefined && !types.includes(type)) types.push(type)
  }
  if (types.length > 1)
    return refused(exchange, badRequest(`Cannot mix procedure types in call: ${types.join(', ')}`))
  return exchange
}

/** Of what is refused as a whole, nobody is told more than the error. */
function refused(exchange: Exchange, error: TRPCError): Exchange {
  exchange.refusal = error
  exchange.type = 'unknown'
  exchange.calls.length = 0
  return exchange
}

function isPlain(request: FastifyRequest): boolean {
  const { method, headers } = request.raw
  const type = headers['content-type']
  if (method === 'POST') {
    if (type === undefined || !isJson(type) || typeof request.body !== 'string') return false
  } else if (method !== 'GET' || (type !== undefined && !isJson(type))) return false
  if (headers['trpc-accept'] !== undefined) return false
  return headers.accept === undefined || !headers.accept.includes('application/jsonl')
}

function isJson(type: string): boolean {
  return type === 'application/json' || mediaType(type) === 'application/json'
}

function isFormData(type: string | undefined): boolean {
  return type !== undefined && !isJson(type) && mediaType(type) === 'multipart/form-data'
}

/** RFC 9110 §8.3.1: without its parameters, in any case. */
function mediaType(type: string): string | undefined {
  return type.toLowerCase().split(';', 1)[0]?.trim()
}

/** The last that was found to be usual: nearly all requests name the same. */
let usual: { host: string; secure: boolean } | null = null

/** Whether `URL` and `Request` would take the address and see the path and query that are seen here. */
function hasUsualAddress(request: FastifyRequest): boolean {
  const target = request.raw.url ?? ''
  if (target[0] !== '/' || target[1] === '/' || target[1] === '\\') return false
  if (target.includes('#') || target.includes('\t')) return false
  const [secure, host] = [isSecure(request), hostOf(request)]
  if (host === usual?.host && secure === usual.secure) return true
  const base = baseOf(request)
  if (base.includes('@') || !URL.canParse(base)) return false
  usual = { host, secure }
  return true
}

/** Fastify has decoded the path once; tRPC's clients and its official handler count on a second time. */
function decodePath(service: Service, sent: string): string | TRPCError {
  const separator = service.config.pathSeparator
  try {
    const path = sent.includes('%') ? decodeURIComponent(sent) : sent
    return separator === '.' ? path : path.replaceAll(separator, '.')
  } catch (cause) {
    return badRequest(`Invalid URL-encoding in path "${sent}"`, cause)
  }
}

function unsupportedType(type: string | undefined): TRPCError {
  // The quotation mark that is missing is missing in tRPC's own sentence.
  const message = `Unsupported content-type "${type}`
  return new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE', message })
}

function badRequest(message: string, cause?: unknown): TRPCError {
  return new TRPCError({ code: 'BAD_REQUEST', message, cause })
}
