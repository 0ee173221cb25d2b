import type { AnyTRPCRouter } from '@trpc/server'
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answer } from './reply/answer.ts'
import { fitsRequest } from './request/fits-request.ts'
import { readExchange } from './request/read.ts'
import { createService, type HandlerOptions } from './service.ts'

/** What the official plugin takes, but for WebSockets. */
export interface TrpcFastifyOptions<TRouter extends AnyTRPCRouter> {
  /** Where the router is served, such as `/trpc`. */
  readonly prefix?: string
  /**
   * Whether `multipart/form-data` reaches the official handler. Any web page may send a form to any
   * address unasked, and so run a mutation that takes no input: refused with 415 unless this is true.
   */
  readonly allowFormData?: boolean
  readonly trpcOptions: HandlerOptions<TRouter>
}

/**
 * A Fastify plugin that serves a tRPC router: JSON queries and mutations, single and batched, directly,
 * and everything else through tRPC's own handler.
 */
export function trpcFastify<TRouter extends AnyTRPCRouter>(
  app: FastifyInstance,
  options: TrpcFastifyOptions<TRouter>,
  done: (error?: Error) => void,
): void {
  takeBodies(app)
  // The options are only ever given back to the router whose they are.
  const trpcOptions = options.trpcOptions as unknown as HandlerOptions<AnyTRPCRouter>
  const service = createService(trpcOptions, options.allowFormData === true)
  app.all('/:path', (request: FastifyRequest, reply: FastifyReply) => {
    const exchange = readExchange(service, request, reply)
    if (exchange === null) {
      if (!fitsRequest(request)) throw new UnfitRequestError()
      const { path } = request.params as { path: string }
      return fastifyRequestHandler({ ...trpcOptions, req: request, res: reply, path })
    }
    void answer(exchange)
    return undefined
  })
  done()
}

/** Fastify answers it with 400, or hands it to the app's error handler. */
class UnfitRequestError extends Error {
  override readonly name = 'UnfitRequestError'
  readonly statusCode = 400
  readonly code = 'TRPC_FASTIFY_UNFIT_REQUEST'

  constructor() {
    super('The request cannot be made a Request of the Fetch Standard')
  }
}

/** JSON stays text, for tRPC parses it; a form stays a stream. */
function takeBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  app.removeContentTypeParser('multipart/form-data')
  app.addContentTypeParser('multipart/form-data', {}, (_request, body, done) => done(null, body))
}
