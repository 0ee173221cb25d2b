import { WxLinkError } from './link-error.ts'
import type { DataTransformer } from './transformer.ts'
import type { LinkResponse } from './wx-request.ts'

/** The place of a call's reply in a response. */
export interface BatchPosition {
  index: number
  /** Number of calls in the request; 1 means a request without a batch. */
  size: number
}

type JsonObject = Record<string, unknown>

/**
 * A call's result, or the error that the server has sent
 * (https://trpc.io/docs/rpc#successful-response).
 *
 * @throws WxLinkError when the response is not a tRPC reply
 */
export function readReply(
  response: LinkResponse,
  position: BatchPosition,
  transformer: DataTransformer,
): { data: unknown } | { error: unknown } {
  const reply = replyAt(response, position)
  const deserialize = (value: unknown): unknown => {
    try {
      return transformer.deserialize(value)
    } catch {
      throw unreadable(response, 'the transformer cannot read it')
    }
  }
  const { result } = reply
  if ('error' in reply) {
    const error = deserialize(reply['error'])
    if (isServerError(error)) return { error }
  } else if (isObject(result)) {
    return { data: deserialize(result['data']) }
  }
  throw unreadable(response, 'not a tRPC reply')
}

function replyAt(response: LinkResponse, { index, size }: BatchPosition): JsonObject {
  const { json } = response
  // One error answers a batch that the server refuses as a whole (too many calls, no context).
  const isSingle = size === 1 || (isObject(json) && 'error' in json)
  if (!isSingle && !(Array.isArray(json) && json.length === size)) {
    throw unreadable(response, `not ${size} replies`)
  }
  const reply = Array.isArray(json) ? json[index] : json
  return isObject(reply) ? reply : {}
}

/** Fastify's own error body has a field `error` too, which is a string. */
function isServerError(error: unknown): boolean {
  return (
    isObject(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string'
  )
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unreadable({ statusCode }: LinkResponse, reason: string): WxLinkError {
  const kind = statusCode >= 200 && statusCode < 300 ? 'malformed' : 'http'
  return new WxLinkError({ kind, message: `HTTP ${statusCode}: ${reason}`, statusCode })
}
