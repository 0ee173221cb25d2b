import type { TRPCError, TRPCProcedureType } from '@trpc/server'
import type { TRPCRequestInfo } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MountedRouter, ProcedureEntry } from './mounted-router.ts'

/** The state of one HTTP request that this package answers itself, from reading it to sending the reply. */
export interface RpcRequest {
  readonly router: MountedRouter
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  isBatch: boolean
  /** The procedure calls of the request; one unless it is a batch. */
  readonly calls: RpcCall[]
  type: TRPCProcedureType | 'unknown'
  /** Why no call is made at all. */
  refusal: TRPCError | null
  /** The inputs as JSON text; empty or null when the client sent none. */
  inputText: string | null
  /** Set while the inputs are being parsed. */
  inputsPromise: Promise<readonly unknown[]> | undefined
  /** The parsed inputs, by the index of their call. */
  inputs: readonly unknown[] | undefined
  context: unknown
  /** Why there is no context: each call fails with it. */
  contextError: TRPCError | undefined
  abortController: AbortController | undefined
  info: TRPCRequestInfo | undefined
  /** The reply's `allow` header, of a 405. */
  allow: string | undefined
  contentType: string | undefined
  /** All headers of the reply, once `responseMeta` has added some; replaces `allow` and `contentType`. */
  headers: Headers | undefined
}

/** One procedure call of a request. */
export interface RpcCall {
  /** Dotted path of the procedure. */
  readonly path: string
  /** Null when the router has no procedure at this path. */
  readonly entry: ProcedureEntry | null
  /** Position in the batch. */
  readonly index: number
  readonly getRawInput: () => Promise<unknown>
}

/** A request of which nothing is read yet. Sets every field, so that V8 gives all of these objects one hidden class. */
export function createRpcRequest(
  router: MountedRouter,
  request: FastifyRequest,
  reply: FastifyReply,
): RpcRequest {
  return {
    router,
    request,
    reply,
    isBatch: false,
    calls: [],
    type: 'unknown',
    refusal: null,
    inputText: null,
    inputsPromise: undefined,
    inputs: undefined,
    context: undefined,
    contextError: undefined,
    abortController: undefined,
    info: undefined,
    allow: undefined,
    contentType: undefined,
    headers: undefined,
  }
}
