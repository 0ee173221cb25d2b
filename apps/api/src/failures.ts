import { shapeOf } from '@mianmi/contracts'
import { Failure, type Reason } from '@mianmi/core'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** What never reached a procedure is refused in the same shape as what did. */
export function answerFailures(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => refuse(request, reply, 'not_found'))
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const reason = reasonOf(error)
    if (reason === 'internal') request.log.error({ err: error }, 'unexpected error')
    refuse(request, reply, reason)
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
