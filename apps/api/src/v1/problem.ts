import { STATUS_CODES } from 'node:http'
import { shapeOf } from '@mianmi/contracts'
import type { Problem } from '@mianmi/contracts/service-schemas'
import { Failure, type Reason } from '@mianmi/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { detailOf, reasonOf } from '../http/error-replies.ts'
import { sentCredentials } from './service-key.ts'
import { scopeOfRoute } from './v1-route.ts'

const contentType = 'application/problem+json; charset=utf-8'
/** Where `/v1` is a protected resource (RFC 6750 §3). */
const realm = 'Bearer realm="mianmi"'

/** Refuses with the problem details of the reason (RFC 9457). `retryAfter` in seconds. */
export function refuseWithProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { reason, retryAfter }: { reason: Reason; retryAfter?: number | undefined },
): FastifyReply {
  const { message, data } = shapeOf(reason, { path: undefined, traceId: request.id, retryAfter })
  const { httpStatus: status } = data
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  const challenge = challengeFor(request, reason)
  if (challenge !== null) reply.header('www-authenticate', challenge)
  const body: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    detail: detailsHere[reason] ?? message,
    reason,
    traceId: request.id,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
  // As text: Fastify would add its own content type to an object.
  return reply.code(status).type(contentType).send(JSON.stringify(body))
}

/** What a reason means here, where its fixed text is written for the client of a user. */
const detailsHere: Partial<Record<Reason, string>> = {
  unauthenticated: 'The service key is missing or not accepted.',
  forbidden: 'The service key lacks the scope.',
  account_taken: 'Another user has this external id.',
  rate_limited: 'The service key calls too often.',
  unsupported_media_type: 'This content type is not accepted.',
}

/** RFC 6750 §3: no error code where nothing was sent; the scope that is wanted where it is missing. */
function challengeFor(request: FastifyRequest, reason: Reason): string | null {
  if (reason === 'unauthenticated')
    return sentCredentials(request) ? `${realm}, error="invalid_token"` : realm
  const scope = scopeOfRoute(request)
  if (reason !== 'forbidden' || scope === null) return null
  return `${realm}, error="insufficient_scope", scope="${scope}"`
}

/** The error handler of `/v1`. */
export function handleV1Error(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const reason = reasonOf(error)
  const path = request.routeOptions.url
  const entry = { reason, path, detail: detailOf(error) }
  if (reason === 'internal') request.log.error({ ...entry, err: error }, 'call failed')
  else request.log.info(entry, 'call refused')
  const retryAfter = error instanceof Failure ? error.retryAfter : undefined
  refuseWithProblem(request, reply, { reason, retryAfter })
}
