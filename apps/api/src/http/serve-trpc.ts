import { reasonOf } from '@mianmi/contracts'
import { type HandlerOptions, trpcFastify } from '@mianmi/trpc-fastify'
import type { AnyTRPCRouter, inferRouterContext } from '@trpc/server'
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import { detailOf, refuse } from './error-replies.ts'

interface RouterOptions<Router extends AnyTRPCRouter> {
  /** The router, or a function that loads it at the first request. */
  readonly router: Router | (() => Promise<Router>)
  readonly createContext: (options: CreateFastifyContextOptions) => inferRouterContext<Router>
}

/** Calls in one batch. The service's own limits count calls, not requests. */
const maxBatchSize = 10

/** Methods whose requests have no body, and so no content type. */
const bodiless = ['GET', 'HEAD', 'TRACE']

/** Serves a tRPC router below `prefix`, and logs the reason of each refused call. */
export function serveTrpc<Router extends AnyTRPCRouter>(
  app: FastifyInstance,
  prefix: string,
  options: RouterOptions<Router>,
): void {
  // A web page can send a form to any origin without a CORS preflight, and so could run a mutation without input.
  app.addHook('onRequest', (request, reply, done) => {
    const type = request.headers['content-type'] ?? ''
    const hasBody = !bodiless.includes(request.method)
    const isForm = hasBody && !/^application\/json[ \t]*(?:;|$)/i.test(type)
    if (isForm) refuse(request, reply, 'unsupported_media_type')
    else done()
  })
  app.register(trpcFastify<Router>, {
    prefix,
    trpcOptions: {
      ...options,
      maxBatchSize,
      onError: logRefusal,
    } as unknown as HandlerOptions<Router>,
  })
}

const logRefusal: NonNullable<HandlerOptions<AnyTRPCRouter>['onError']> = ({
  error,
  path,
  req,
}) => {
  const reason = reasonOf(error)
  const isSerious = reason === 'internal' || reason === 'wechat_misconfigured'
  const entry = { reason, path, detail: detailOf(error.cause ?? error) }
  if (isSerious) req.log.error({ ...entry, err: error.cause ?? error }, 'call failed')
  else req.log.info(entry, 'call refused')
}
