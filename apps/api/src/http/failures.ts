import { shapeOf } from '@mianmi/contracts'
import { Failure, type Reason } from '@mianmi/core'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

/** What never reached a procedure is refused in the same shape as what did. */
export function answerFailures(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => refuse(request, reply, 'not_found'))
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const reason = reasonOf(error)
    if (reason === 'internal') request.log.error({ err: error }, 'unexpected error')
    const retryAfter = error instanceof Failure ? error.retryAfter : undefined
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    const shape = shapeOf(reason, { path: undefined, traceId: request.id, retryAfter })
    reply.code(shape.data.httpStatus).send({ error: shape })
  })
}

export function refuse(request: FastifyRequest, reply: FastifyReply, reason: Reason): FastifyReply {
  const error = shapeOf(reason, { path: undefined, traceId: request.id })
  return reply.code(error.data.httpStatus).send({ error })
}

/** What was never ours to judge, such as a body that is no JSON, is Fastify's to name by its status. */
export function reasonOf(error: Error & { statusCode?: number }): Reason {
  if (error instanceof Failure) return error.reason
  const { statusCode = 500 } = error
  return statusCode >= 400 && statusCode < 500 ? 'invalid_input' : 'internal'
}

/** What the log is told of a refusal. A parser's message may quote what was sent, so it is never taken over. */
export function detailOf(error: unknown): string {
  if (error instanceof Failure) return error.message
  if (error instanceof z.ZodError)
    return error.issues.map(({ code, path }) => `${code} at /${path.join('/')}`).join(', ')
  if (!(error instanceof Error)) return typeof error
  return 'code' in error ? String(error.code) : error.name
}
