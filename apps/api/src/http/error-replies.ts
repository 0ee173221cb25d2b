import { shapeOf } from '@mianmi/contracts'
import { Failure, type Reason } from '@mianmi/core'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { collectMethods, reasonOfNoRoute } from './allowed-methods.ts'

/** Gives errors outside of procedures the shape of tRPC's errors. */
export function installErrorHandlers(app: FastifyInstance): void {
  collectMethods(app)
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, reasonOfNoRoute(request, reply)),
  )
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

/** The reason of an error. Errors of Fastify, such as a body that is not JSON, are classified by their status. */
export function reasonOf(error: Error & { statusCode?: number }): Reason {
  if (error instanceof Failure) return error.reason
  const { statusCode = 500 } = error
  if (statusCode === 415) return 'unsupported_media_type'
  return statusCode >= 400 && statusCode < 500 ? 'invalid_input' : 'internal'
}

/** The detail for the log. A parser's message may quote the input, so it is never logged. */
export function detailOf(error: unknown): string {
  if (error instanceof Failure) return error.message
  if (error instanceof z.ZodError)
    return error.issues.map(({ code, path }) => `${code} at /${path.join('/')}`).join(', ')
  if (!(error instanceof Error)) return typeof error
  return 'code' in error ? String(error.code) : error.name
}
