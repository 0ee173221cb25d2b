import type { LinkResult } from './call-observable.ts'
import { fieldsOf } from './fields.ts'
import { WxLinkError } from './link-error.ts'
import type { DataTransformer } from './transformer.ts'
import type { LinkResponse } from './wx-request.ts'

/** A call's result, or the error that the server has sent. */
export type CallReply = LinkResult | { error: unknown }

/**
 * Reads a call's reply (https://trpc.io/docs/rpc#successful-response). A WxLinkError when the response is not a tRPC
 * reply, or the transformer cannot read it.
 *
 * @param index the place of the reply in the response
 * @param size calls in the request; 1 means a request without a batch
 */
export const readReply = (
  [meta, json]: LinkResponse,
  index: number,
  size: number,
  transformer: DataTransformer,
): CallReply | WxLinkError => {
  try {
    const isList = Array.isArray(json)
    const { error, result } = (isList ? json[index] : json) as Record<string, unknown>
    const isError = error !== undefined
    // One error answers a batch that the server refuses as a whole (too many calls, no context).
    const isComplete = size === 1 || (isList ? json.length === size : isError)
    const content = transformer.deserialize(isError ? error : (result as { data?: unknown }).data)
    const { code, message } = fieldsOf(content)
    const isReply = isError
      ? // Fastify's own error body has a field `error` too, which is a string.
        typeof code === 'number' && typeof message === 'string'
      : typeof result === 'object' && !Array.isArray(result)
    if (isComplete && isReply) {
      return isError
        ? { error: content }
        : { context: meta, result: { type: 'data', data: content } }
    }
  } catch {
    // Another form, as below.
  }
  // The status tells whose page it is.
  const { statusCode } = meta.response
  const kind = /^2/.test(statusCode as unknown as string) ? 'malformed' : 'http'
  const message = `HTTP ${statusCode}: not a tRPC reply`
  return new WxLinkError({ kind, message, statusCode })
}
