import { TRPCError, type TRPCProcedureType } from '@trpc/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readInputs } from '../call/inputs.ts'
import {
  findProcedure,
  isInLazyRouter,
  type MountedRouter,
  type ProcedureEntry,
} from '../mounted-router.ts'
import { createRpcRequest, type RpcRequest } from '../rpc-request.ts'
import { baseUrlOf, hostOf, isSecure } from './address.ts'
import { readQuery } from './query.ts'

/**
 * Reads a request as procedure calls or as a refusal. Returns null for a request that the official handler must answer:
 * everything but plain JSON by GET and POST, and unusual addresses.
 */
export function readRpcRequest(
  router: MountedRouter,
  request: FastifyRequest,
  reply: FastifyReply,
): RpcRequest | null {
  const { method, headers } = request.raw
  const type = headers['content-type']
  const isRefusedForm = !router.allowFormData && method === 'POST' && isFormData(type)
  if (!isRefusedForm && !isPlainJson(request)) return null
  if (!hasPlainAddress(request)) return null
  const rpc = createRpcRequest(router, request, reply)
  const path = decodePath(router, (request.params as { path: string }).path)
  if (path instanceof TRPCError) return refuse(rpc, path)
  if (isRefusedForm) {
    // The rest of the body is not read, so the connection cannot be used again.
    reply.header('connection', 'close')
    return refuse(rpc, unsupportedTypeError(type))
  }
  const query = readQuery(request.raw.url ?? '')
  if (query.connectionParams) return null
  rpc.isBatch = query.batch
  rpc.inputText = method === 'GET' ? query.input : withoutByteOrderMark(request.body as string)
  return query.batch ? readBatch(rpc, path) : readCall(rpc, path)
}

/** "UTF-8 decode" of the Encoding Standard (§6) drops a byte order mark. */
function withoutByteOrderMark(body: string): string {
  return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
}

function readCall(rpc: RpcRequest, path: string): RpcRequest | null {
  const entry = findProcedure(rpc.router, path)
  if (entry === null) {
    if (isInLazyRouter(rpc.router, path)) return null
  } else {
    if (entry.type === 'subscription') return null
    rpc.type = entry.type
  }
  addCall(rpc, path, entry)
  return rpc
}

function addCall(rpc: RpcRequest, path: string, entry: ProcedureEntry | null): void {
  const index = rpc.calls.length
  const getRawInput = async () => (await readInputs(rpc))[index]
  rpc.calls.push({ path, entry, index, getRawInput })
}

function readBatch(rpc: RpcRequest, path: string): RpcRequest | null {
  const paths = path.split(',')
  const { maxBatchSize } = rpc.router.options
  if (typeof maxBatchSize === 'number' && paths.length > maxBatchSize)
    return refuse(rpc, badRequestError('Batch call exceeds maximum size'))
  const types: TRPCProcedureType[] = []
  for (const each of paths) {
    if (readCall(rpc, each) === null) return null
    const type = rpc.calls.at(-1)?.entry?.type
    if (type !== undefined && !types.includes(type)) types.push(type)
  }
  if (types.length > 1)
    return refuse(rpc, badRequestError(`Cannot mix procedure types in call: ${types.join(', ')}`))
  return rpc
}

/** Refuses the whole request: `onError` and `responseMeta` get the error only. */
function refuse(rpc: RpcRequest, error: TRPCError): RpcRequest {
  rpc.refusal = error
  rpc.type = 'unknown'
  rpc.calls.length = 0
  return rpc
}

function isPlainJson(request: FastifyRequest): boolean {
  const { method, headers } = request.raw
  const type = headers['content-type']
  if (method === 'POST') {
    if (type === undefined || !isJson(type) || typeof request.body !== 'string') return false
  } else if (method !== 'GET' || (type !== undefined && !isJson(type))) return false
  if (headers['trpc-accept'] !== undefined) return false
  return headers.accept === undefined || !headers.accept.includes('application/jsonl')
}

function isJson(type: string): boolean {
  return type === 'application/json' || mediaTypeOf(type) === 'application/json'
}

function isFormData(type: string | undefined): boolean {
  return type !== undefined && !isJson(type) && mediaTypeOf(type) === 'multipart/form-data'
}

/** Without parameters, in lower case (RFC 9110 §8.3.1). */
function mediaTypeOf(type: string): string | undefined {
  return type.toLowerCase().split(';', 1)[0]?.trim()
}

/** The last address that was accepted: nearly all requests have the same. */
let lastPlainAddress: { host: string; secure: boolean } | null = null

/** Whether `URL` and `Request` would accept the address and find the same path and query in it as this package. */
function hasPlainAddress(request: FastifyRequest): boolean {
  const target = request.raw.url ?? ''
  if (target[0] !== '/' || target[1] === '/' || target[1] === '\\') return false
  if (target.includes('#') || target.includes('\t')) return false
  const [secure, host] = [isSecure(request), hostOf(request)]
  if (host === lastPlainAddress?.host && secure === lastPlainAddress.secure) return true
  const baseUrl = baseUrlOf(request)
  if (baseUrl.includes('@') || !URL.canParse(baseUrl)) return false
  lastPlainAddress = { host, secure }
  return true
}

/** Fastify has decoded the path once; tRPC's clients and its official handler expect a second time. */
function decodePath(router: MountedRouter, encoded: string): string | TRPCError {
  const separator = router.config.pathSeparator
  try {
    const path = encoded.includes('%') ? decodeURIComponent(encoded) : encoded
    return separator === '.' ? path : path.replaceAll(separator, '.')
  } catch (cause) {
    return badRequestError(`Invalid URL-encoding in path "${encoded}"`, cause)
  }
}

function unsupportedTypeError(type: string | undefined): TRPCError {
  // tRPC's own message has no closing quotation mark either.
  const message = `Unsupported content-type "${type}`
  return new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE', message })
}

function badRequestError(message: string, cause?: unknown): TRPCError {
  return new TRPCError({ code: 'BAD_REQUEST', message, cause })
}
