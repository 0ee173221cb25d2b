import { TRPCClientError } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import {
  type CombinedDataTransformer,
  transformResult,
} from '@trpc/server/unstable-core-do-not-import'
import { WxLinkError } from './link-error.ts'
import type { LinkResponse } from './wx-request.ts'

/** Where in a response a call's reply stands. */
export interface Seat {
  index: number
  /** How many calls share the response; 1 is a request without a batch. */
  of: number
}

type Transformed = ReturnType<typeof transformResult>
type Result = Extract<Transformed, { ok: true }>['result']

/** A call's result. Throws the server's error, or a WxLinkError where the reply is none of tRPC's. */
export function readReply(
  response: LinkResponse,
  seat: Seat,
  transformer: CombinedDataTransformer,
): Result {
  const transformed = transform(replyAt(response, seat), transformer)
  if (transformed?.ok) return transformed.result
  // Fastify's own error body has an `error` too, which is a string.
  if (transformed && typeof transformed.error.error.message === 'string') {
    throw TRPCClientError.from<AnyRouter>(transformed.error)
  }
  throw senseless(response, 'not a tRPC reply')
}

function replyAt(response: LinkResponse, seat: Seat): unknown {
  const { json } = response
  if (seat.of === 1) return json
  if (Array.isArray(json)) {
    if (json.length === seat.of) return json[seat.index]
    throw senseless(response, `${json.length} replies to ${seat.of} calls`)
  }
  // A batch refused as a whole (too many calls, no context) is answered by one error for all.
  if (typeof json === 'object' && json !== null && 'error' in json) return json
  throw senseless(response, 'not a batch reply')
}

function transform(reply: unknown, transformer: CombinedDataTransformer): Transformed | undefined {
  try {
    return transformResult(reply as Parameters<typeof transformResult>[0], transformer.output)
  } catch {
    return undefined
  }
}

function senseless({ statusCode }: LinkResponse, what: string): WxLinkError {
  const kind = statusCode >= 200 && statusCode < 300 ? 'malformed' : 'http'
  return new WxLinkError({ kind, message: `HTTP ${statusCode}: ${what}`, statusCode })
}
