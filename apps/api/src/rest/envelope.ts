import { shapeOf } from '@mianmi/contracts'
import type { Refused } from '@mianmi/contracts/rest-schemas'
import { Failure, type Reason } from '@mianmi/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { detailOf, reasonOf } from '../http/error-replies.ts'

/**
 * Clients of the earlier service expect `datetime` in every reply and print it; they got local time without a zone.
 * This is ISO 8601 in UTC, like every other time on the wire.
 */
const datetime = (): string => new Date().toISOString()

export function acceptedEnvelope(request: FastifyRequest, data: unknown) {
  const traceId = request.id
  return { success: true, code: 200, message: 'OK', datetime: datetime(), traceId, data }
}

/** Refuses with the status and the fixed message of the reason. `retryAfter` in seconds. */
export function refuseInEnvelope(
  request: FastifyRequest,
  reply: FastifyReply,
  { reason, retryAfter }: { reason: Reason; retryAfter?: number | undefined },
): FastifyReply {
  const { message, data } = shapeOf(reason, { path: undefined, traceId: request.id, retryAfter })
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  const body: Refused = {
    success: false,
    code: data.httpStatus,
    message,
    datetime: datetime(),
    traceId: request.id,
    data: { reason, ...(retryAfter === undefined ? {} : { retryAfter }) },
  }
  return reply.code(data.httpStatus).send(body)
}

/** The error handler of the plain-HTTP routes. */
export function handleRestError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const reason = reasonOf(error)
  const path = request.routeOptions.url
  const entry = { reason, path, detail: detailOf(error) }
  if (reason === 'internal' || reason === 'wechat_misconfigured')
    request.log.error({ ...entry, err: error.cause ?? error }, 'call failed')
  else request.log.info(entry, 'call refused')
  const retryAfter = error instanceof Failure ? error.retryAfter : undefined
  refuseInEnvelope(request, reply, { reason, retryAfter })
}
