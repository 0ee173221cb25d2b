import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import { invoke } from '../call/invoke.ts'
import { isThenable } from '../call/parse.ts'
import { contextOptionsOf } from '../call/request-info.ts'
import type { RpcCall, RpcRequest } from '../rpc-request.ts'
import { errorShapeOf, reportCallError, sendRequestError } from './error-reply.ts'
import { applyResponseMeta, send, serializeItem } from './send.ts'

/** Makes the calls of a request and always sends a reply; never rejects. */
export async function respond(rpc: RpcRequest): Promise<void> {
  try {
    if (rpc.refusal !== null) throw rpc.refusal
    if (rpc.isBatch && !rpc.router.allowBatching)
      throw new TRPCError({
        code: 'BAD_REQUEST',
        message: 'Batching is not enabled on the server',
      })
    const contextPromise = createContext(rpc)
    if (contextPromise !== undefined) await contextPromise
    const [call] = rpc.calls
    if (rpc.isBatch || call === undefined) await respondToBatch(rpc)
    else {
      // Not a function of its own: an async one would cost another promise for each request.
      let data: unknown
      try {
        checkCall(rpc, call)
        const result = invoke(rpc, call)
        data = isThenable(result) ? await result : result
      } catch (cause) {
        const error = getTRPCErrorFromUnknown(cause)
        reportCallError(rpc, call, error)
        sendError(rpc, call, error)
        return
      }
      sendData(rpc, data)
    }
  } catch (cause) {
    sendRequestError(rpc, cause)
  }
}

function sendData(rpc: RpcRequest, data: unknown): void {
  rpc.contentType = 'application/json'
  if (isDataStream(data)) throw streamError()
  const { config, options } = rpc.router
  const item = { result: { data } }
  const status = options.responseMeta === undefined ? 200 : applyResponseMeta(rpc, [item], [])
  send(rpc, status, JSON.stringify(serializeItem(config, item)))
}

function sendError(rpc: RpcRequest, call: RpcCall, error: TRPCError): void {
  rpc.contentType = 'application/json'
  const item = { error: errorShapeOf(rpc, call, { error, type: rpc.type }) }
  const status = applyResponseMeta(rpc, [item], [error])
  send(rpc, status, JSON.stringify(serializeItem(rpc.router.config, item)))
}

interface CallResult {
  readonly error: TRPCError | undefined
  readonly data: unknown
}

async function respondToBatch(rpc: RpcRequest): Promise<void> {
  const results = await Promise.all(rpc.calls.map((call) => runCall(rpc, call)))
  rpc.contentType = 'application/json'
  const errors = results.map(({ error, data }) => {
    return error === undefined && isDataStream(data) ? streamError() : error
  })
  const items = rpc.calls.map((call, index) => {
    const error = errors[index]
    if (error === undefined) return { result: { data: results[index]?.data } }
    return { error: errorShapeOf(rpc, call, { error, type: call.entry?.type ?? 'unknown' }) }
  })
  const status = applyResponseMeta(rpc, items, errors)
  const { config } = rpc.router
  send(rpc, status, JSON.stringify(items.map((item) => serializeItem(config, item))))
}

async function runCall(rpc: RpcRequest, call: RpcCall): Promise<CallResult> {
  try {
    checkCall(rpc, call)
    return { error: undefined, data: await invoke(rpc, call) }
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause)
    reportCallError(rpc, call, error)
    return { error, data: undefined }
  }
}

/** @throws TRPCError when the procedure does not accept the HTTP method, or the context could not be created */
function checkCall(rpc: RpcRequest, call: RpcCall): void {
  const { entry } = call
  if (entry === null) return
  const { method } = rpc.request.raw
  const accepted = rpc.router.acceptedMethods[entry.type]
  if (method === undefined || !accepted.includes(method)) {
    // RFC 9110 §15.5.6: a 405 must list the accepted methods.
    rpc.allow = accepted.join(', ')
    throw new TRPCError({
      code: 'METHOD_NOT_SUPPORTED',
      message: `Unsupported ${method}-request to ${entry.type} procedure at path "${call.path}"`,
    })
  }
  if (rpc.contextError !== undefined) throw rpc.contextError
}

/** Sets the request's context or `contextError`. Returns a promise only when the service's `createContext` does. */
function createContext(rpc: RpcRequest): Promise<void> | undefined {
  try {
    const context = rpc.router.options.createContext?.(contextOptionsOf(rpc))
    if (isThenable(context)) return awaitContext(rpc, context)
    rpc.context = context
  } catch (cause) {
    rpc.contextError = getTRPCErrorFromUnknown(cause)
  }
  return undefined
}

async function awaitContext(rpc: RpcRequest, context: PromiseLike<unknown>): Promise<void> {
  try {
    rpc.context = await context
  } catch (cause) {
    rpc.contextError = getTRPCErrorFromUnknown(cause)
  }
}

/** Whether a result is an async iterable, or an object that contains one or a promise: JSON cannot represent these. */
function isDataStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (Symbol.asyncIterator in value) return true
  for (const property of Object.values(value)) if (isDeferred(property)) return true
  return false
}

function isDeferred(value: unknown): boolean {
  if (value === null || Array.isArray(value)) return false
  if (typeof value === 'object' && Symbol.asyncIterator in value) return true
  if (typeof value !== 'object' && typeof value !== 'function') return false
  const { then, catch: rescue } = value as { then?: unknown; catch?: unknown }
  return typeof then === 'function' && typeof rescue === 'function'
}

function streamError(): TRPCError {
  return new TRPCError({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Cannot use stream-like response in non-streaming request - use httpBatchStreamLink',
  })
}
