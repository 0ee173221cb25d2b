import {
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  type TRPCError,
  type TRPCProcedureType,
} from '@trpc/server'
import { parsedInputOf } from '../call/inputs.ts'
import type { RpcCall, RpcRequest } from '../rpc-request.ts'
import { applyResponseMeta, send, serializeItem } from './send.ts'

/** Calls the service's `onError` for one call. */
export function reportCallError(rpc: RpcRequest, call: RpcCall, error: TRPCError): void {
  rpc.router.options.onError?.({
    error,
    path: call.path,
    input: parsedInputOf(rpc, call),
    ctx: rpc.context,
    type: call.entry?.type ?? 'unknown',
    req: rpc.request,
  })
}

interface CallError {
  readonly error: TRPCError
  readonly type: TRPCProcedureType | 'unknown'
}

type ErrorShape = ReturnType<typeof getTRPCErrorShape>

/** What the client gets of a call's error, made by the router's `errorFormatter`. */
export function errorShapeOf(
  rpc: RpcRequest,
  call: RpcCall,
  { error, type }: CallError,
): ErrorShape {
  return getTRPCErrorShape({
    config: rpc.router.config,
    error,
    type,
    path: call.path,
    input: parsedInputOf(rpc, call),
    ctx: rpc.context,
  })
}

/**
 * Replies when the whole request fails: it could not be read, a result cannot be serialized as JSON, or the service's
 * own `onError`, `errorFormatter` or `responseMeta` throws. When one of these throws again, Fastify answers the error.
 */
export function sendRequestError(rpc: RpcRequest, cause: unknown): void {
  try {
    reportAndSend(rpc, getTRPCErrorFromUnknown(cause))
  } catch (secondCause) {
    const error = secondCause instanceof Error ? secondCause : new Error(String(secondCause))
    rpc.reply.send(error)
  }
}

function reportAndSend(rpc: RpcRequest, error: TRPCError): void {
  const { config, options } = rpc.router
  const { type, context } = rpc
  const path = undefined
  const input = undefined
  options.onError?.({ error, path, input, ctx: context, type, req: rpc.request })
  const item = { error: getTRPCErrorShape({ config, error, type, path, input, ctx: context }) }
  const body = JSON.stringify(serializeItem(config, item))
  send(rpc, applyResponseMeta(rpc, item, [error]), body)
}
