import { WxLinkError } from './link-error.ts'
import type { DataTransformer } from './transformer.ts'
import type { LinkResponse } from './wx-request.ts'

/** The place of a call's reply in a response. */
export interface BatchPosition {
  index: number
  /** Number of calls in the request; 1 means a request without a batch. */
  size: number
}

/** A call's result, or the error that the server has sent. */
export type CallReply = { data: unknown } | { error: unknown }

/**
 * Reads a call's reply (https://trpc.io/docs/rpc#successful-response). A WxLinkError when the response is not a tRPC
 * reply, or the transformer cannot read it.
 */
export function readReply(
  response: LinkResponse,
  position: BatchPosition,
  transformer: DataTransformer,
): CallReply | WxLinkError {
  const { statusCode } = response
  let reply: CallReply | undefined
  try {
    reply = parseReply(response, position, transformer)
  } catch {
    // Another form: the status tells whose page it is.
  }
  if (reply) return reply
  const kind = statusCode >= 200 && statusCode < 300 ? 'malformed' : 'http'
  return new WxLinkError({ kind, message: `HTTP ${statusCode}: not a tRPC reply`, statusCode })
}

/** @throws TypeError for some forms that are not a reply; undefined for the others */
function parseReply(
  { json }: LinkResponse,
  { index, size }: BatchPosition,
  transformer: DataTransformer,
): CallReply | undefined {
  const isList = Array.isArray(json)
  const reply = (isList ? json[index] : json) as Record<string, unknown>
  const isError = 'error' in reply
  // One error answers a batch that the server refuses as a whole (too many calls, no context).
  const isWhole = size === 1 || (isList ? json.length === size : isError)
  if (!isWhole) return undefined
  if (isError) {
    const error = transformer.deserialize(reply['error']) as Record<string, unknown>
    // Fastify's own error body has a field `error` too, which is a string.
    const isServerError = typeof error['code'] === 'number' && typeof error['message'] === 'string'
    return isServerError ? { error } : undefined
  }
  const { result } = reply
  return isRecord(result) ? { data: transformer.deserialize(result['data']) } : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
