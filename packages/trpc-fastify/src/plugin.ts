import { isUtf8 } from 'node:buffer'
import type { AnyTRPCRouter } from '@trpc/server'
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createMountedRouter, type HandlerOptions, type MountedRouter } from './mounted-router.ts'
import { completeOfficialReply } from './reply/official-reply.ts'
import { respond } from './reply/respond.ts'
import { isFetchRequest } from './request/address.ts'
import { readRpcRequest } from './request/read-request.ts'

/** Options of `trpcFastify`: those of `fastifyTRPCPlugin` without `useWSS`, and `allowFormData`. */
export interface TrpcFastifyOptions<TRouter extends AnyTRPCRouter> {
  /** Path under which the router is served, such as `/trpc`. */
  readonly prefix?: string
  /**
   * Whether `multipart/form-data` is passed on to the official handler; default false, which answers it with 415. A
   * browser sends a form from any web page to any address without a CORS preflight (Fetch Standard, "simple
   * requests"), and so could run a mutation that takes no input.
   */
  readonly allowFormData?: boolean
  /**
   * As in `fastifyTRPCPlugin`: `router`, `createContext`, `onError`, `responseMeta`, `maxBatchSize`,
   * `allowBatching`, `allowMethodOverride`, `maxBodySize`.
   */
  readonly trpcOptions: HandlerOptions<TRouter>
}

/** Options of `trpcFastify` for a router that is loaded at the first request, because a start does not need it. */
export interface LazyTrpcFastifyOptions<TRouter extends AnyTRPCRouter>
  extends Omit<TrpcFastifyOptions<TRouter>, 'trpcOptions'> {
  /**
   * As in `TrpcFastifyOptions`, with a function that loads the router. When it rejects, the request fails, and the next
   * one calls it again.
   */
  readonly trpcOptions: LazyHandlerOptions<TRouter>
}

/** `HandlerOptions` with a function that loads the router. */
export type LazyHandlerOptions<TRouter extends AnyTRPCRouter> = Omit<
  HandlerOptions<TRouter>,
  'router'
> & {
  /** Loads the router. Every call that begins before it is loaded calls it. */
  readonly router: () => Promise<TRouter>
}

/**
 * A Fastify plugin that serves a tRPC router. It answers JSON queries and mutations itself, single and batched, and
 * passes everything else to tRPC's own handler.
 *
 * An error of a procedure is sent as tRPC sends it. A request that cannot be represented as a `Request` of the Fetch
 * Standard (TRACE, an invalid host) gets a 400 with the code `TRPC_FASTIFY_UNFIT_REQUEST`, and a JSON body that is not
 * UTF-8 one with `TRPC_FASTIFY_INVALID_UTF8`.
 *
 * @see https://trpc.io/docs/server/adapters/fastify
 *
 * @example
 * const app = fastify({ routerOptions: { maxParamLength: 5_000 } })
 * app.register(trpcFastify<AppRouter>, {
 *   prefix: '/trpc',
 *   trpcOptions: { router: appRouter, createContext, maxBatchSize: 10 },
 * })
 */
export function trpcFastify<TRouter extends AnyTRPCRouter>(
  app: FastifyInstance,
  options: TrpcFastifyOptions<TRouter> | LazyTrpcFastifyOptions<TRouter>,
  done: (error?: Error) => void,
): void {
  const handler = createHandler(options)
  const { prefix = '' } = options
  if (isPrefixed(app, prefix)) mount(app, handler)
  else
    app.register(
      (scope, _options, mounted) => {
        mount(scope, handler)
        mounted()
      },
      { prefix },
    )
  done()
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

function createHandler<TRouter extends AnyTRPCRouter>(
  options: TrpcFastifyOptions<TRouter> | LazyTrpcFastifyOptions<TRouter>,
): Handler {
  const allowFormData = options.allowFormData === true
  // Safe: the options are only passed back to the router that they were typed for.
  const trpcOptions = options.trpcOptions as unknown as
    | HandlerOptions<AnyTRPCRouter>
    | LazyHandlerOptions<AnyTRPCRouter>
  const { router: given } = trpcOptions
  const mountRouter = (router: AnyTRPCRouter) =>
    createMountedRouter({ ...trpcOptions, router }, allowFormData)
  if (typeof given !== 'function') {
    const router = mountRouter(given)
    return (request, reply) => answer(router, request, reply)
  }
  let router: MountedRouter | null = null
  const load = async (): Promise<MountedRouter> => {
    const loaded = await given()
    router ??= mountRouter(loaded)
    return router
  }
  return async (request, reply) => {
    const answered = answer(router ?? (await load()), request, reply)
    // The reply is sent later, and Fastify must not send one for an async handler that returns nothing.
    return answered ?? reply
  }
}

const skipOverride: unique symbol = Symbol.for('skip-override') as never

/**
 * Whether Fastify has applied the prefix: not where `fastify-plugin` wraps this plugin, or a function that calls it, so
 * that it runs in the scope of its parent. Then the routes get a scope of their own, with the prefix, and the body
 * parsers of the parent stay.
 */
function isPrefixed(app: FastifyInstance, prefix: string): boolean {
  const isWrapped = (trpcFastify as { [skipOverride]?: boolean })[skipOverride] === true
  return !isWrapped && app.prefix.endsWith(prefix)
}

function mount(app: FastifyInstance, handler: Handler): void {
  replaceBodyParsers(app)
  app.all('/:path', handler)
}

function answer(router: MountedRouter, request: FastifyRequest, reply: FastifyReply): unknown {
  const rpc = readRpcRequest(router, request, reply)
  if (rpc === null) {
    if (!isFetchRequest(request)) throw new InvalidRequestError()
    const { path } = request.params as { path: string }
    completeOfficialReply(reply)
    return fastifyRequestHandler({ ...router.options, req: request, res: reply, path })
  }
  void respond(rpc)
  return undefined
}

/** Fastify answers it with 400, or passes it to the app's error handler. */
class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError'
  readonly statusCode = 400
  readonly code = 'TRPC_FASTIFY_UNFIT_REQUEST'

  constructor() {
    super('The request cannot be made a Request of the Fetch Standard')
  }
}

/** As `InvalidRequestError`. */
class InvalidBodyError extends Error {
  override readonly name = 'InvalidBodyError'
  readonly statusCode = 400
  readonly code = 'TRPC_FASTIFY_INVALID_UTF8'

  constructor() {
    super('The body is not UTF-8')
  }
}

/** JSON stays text, because tRPC parses it; a form stays a stream. */
function replaceBodyParsers(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  const options = { parseAs: 'buffer' } as const
  app.addContentTypeParser('application/json', options, (_request, body: Buffer, done) => {
    const text = body.toString()
    // Decoding puts U+FFFD in the place of bytes that are not UTF-8, so other texts have no such bytes.
    if (text.includes('\ufffd') && !isUtf8(body)) done(new InvalidBodyError())
    else done(null, text)
  })
  app.removeContentTypeParser('multipart/form-data')
  app.addContentTypeParser('multipart/form-data', {}, (_request, body, done) => done(null, body))
}
