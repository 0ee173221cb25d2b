import { WxLinkError } from './link-error.ts'
import type { Transformer } from './transformer.ts'
import type { LinkResponse } from './wx-request.ts'

/** Where in a response a call's reply stands. */
export interface Seat {
  index: number
  /** How many calls share the response; 1 is a request without a batch. */
  of: number
}

type Json = Record<string, unknown>

/**
 * A call's result or the server's error (https://trpc.io/docs/rpc#successful-response). Throws a
 * WxLinkError where the reply is none of tRPC's.
 */
export function readReply(
  response: LinkResponse,
  seat: Seat,
  output: Transformer['output'],
): { data: unknown } | { error: unknown } {
  const reply = replyAt(response, seat)
  const read = (value: unknown): unknown => {
    try {
      return output.deserialize(value)
    } catch {
      throw senseless(response, 'the transformer cannot read it')
    }
  }
  const { result } = reply
  if ('error' in reply) {
    const error = read(reply['error'])
    if (isServerError(error)) return { error }
  } else if (isObject(result)) {
    return { data: read(result['data']) }
  }
  throw senseless(response, 'not a tRPC reply')
}

function replyAt(response: LinkResponse, seat: Seat): Json {
  const { json } = response
  // A batch refused as a whole (too many calls, no context) is answered by one error for all.
  const forAll = seat.of === 1 || (isObject(json) && 'error' in json)
  if (!forAll && !(Array.isArray(json) && json.length === seat.of)) {
    throw senseless(response, `not ${seat.of} replies`)
  }
  const reply = Array.isArray(json) ? json[seat.index] : json
  return isObject(reply) ? reply : {}
}

/** Fastify's own error body has an `error` too, which is a string. */
function isServerError(error: unknown): boolean {
  return (
    isObject(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string'
  )
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function senseless({ statusCode }: LinkResponse, what: string): WxLinkError {
  const kind = statusCode >= 200 && statusCode < 300 ? 'malformed' : 'http'
  return new WxLinkError({ kind, message: `HTTP ${statusCode}: ${what}`, statusCode })
}
