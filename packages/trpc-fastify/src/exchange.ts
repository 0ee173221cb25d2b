import type { TRPCError, TRPCProcedureType } from '@trpc/server'
import type { TRPCRequestInfo } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Known, Service } from './service.ts'

/** One request that is answered here, from when it is read until it is replied to. */
export interface Exchange {
  readonly service: Service
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  isBatch: boolean
  readonly calls: Call[]
  type: TRPCProcedureType | 'unknown'
  /** What keeps the calls from being made at all. */
  refusal: TRPCError | null
  /** JSON as sent; empty or null where nothing was. */
  text: string | null
  reading: Promise<readonly unknown[]> | undefined
  inputs: readonly unknown[] | undefined
  context: unknown
  /** Why there is no context: every call that gets so far fails with it. */
  contextFailure: TRPCError | undefined
  controller: AbortController | undefined
  info: TRPCRequestInfo | undefined
  allow: string | undefined
  contentType: string | undefined
  /** Takes the place of the two above once somebody else adds headers. */
  headers: Headers | undefined
}

export interface Call {
  readonly path: string
  readonly known: Known | null
  readonly index: number
  readonly getRawInput: () => Promise<unknown>
}

/** A request of which nothing is read yet: every field is there from the start, so that all have one shape. */
export function createExchange(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
): Exchange {
  return {
    service,
    request,
    reply,
    isBatch: false,
    calls: [],
    type: 'unknown',
    refusal: null,
    text: null,
    reading: undefined,
    inputs: undefined,
    context: undefined,
    contextFailure: undefined,
    controller: undefined,
    info: undefined,
    allow: undefined,
    contentType: undefined,
    headers: undefined,
  }
}
