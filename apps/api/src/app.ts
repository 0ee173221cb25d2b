import { randomBytes } from 'node:crypto'
import { type AppRouter, appRouter } from '@mianmi/contracts'
import type { Picture, ServiceApi } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import type { JWK } from 'jose'
import { serveConsole } from './admin/console/serve-console.ts'
import { serveAdminRouter } from './admin/http/serve-admin-router.ts'
import { createContext } from './context.ts'
import { serveAvatars } from './http/avatars.ts'
import { readClientAddresses } from './http/client-address.ts'
import { createClientErrorHandler } from './http/client-errors.ts'
import { answerPreflight } from './http/cors.ts'
import { installErrorHandlers, refuse } from './http/error-replies.ts'
import { serveHomePage } from './http/home-page.ts'
import { serveMetadata } from './http/metadata.ts'
import { refusalOfUnreadable } from './http/refuse-unreadable.ts'
import { createReplyHeaders } from './http/reply-headers.ts'
import {
  createRequestLog,
  type LogLevel,
  type LogStream,
  logOptions,
  logRequests,
  probeLogLevel,
} from './http/request-log.ts'
import { serveTrpc } from './http/serve-trpc.ts'
import { shedLoad } from './http/shed-load.ts'
import { dropStalledReaders } from './http/stalled-readers.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import type { MeasuredStore } from './metrics/store-metrics.ts'
import type { MeasuredWebhooks } from './metrics/webhook-metrics.ts'
import { serveApiDescription } from './rest/description/serve-description.ts'
import { refuseInEnvelope } from './rest/envelope.ts'
import { type RestOptions, serveRest } from './rest/serve-rest.ts'
import type { Tracing } from './tracing/tracing.ts'
import { refuseWithProblem } from './v1/problem.ts'
import { serveV1, v1Prefix } from './v1/serve-v1.ts'

export interface AppOptions extends RestOptions {
  /** The keys that verify access tokens now. */
  readonly jwks: () => readonly JWK[]
  readonly admin: AdminService
  readonly services: ServiceApi
  /** Folder of the built console. */
  readonly console: string
  readonly findAvatar: (name: string) => Promise<Picture | null>
  /** Rejects when the database cannot answer. */
  readonly checkReady: () => Promise<void>
  /** What the store measures of itself, for `/metrics`. */
  readonly readStore?: (() => MeasuredStore) | undefined
  /** What is known of the deliveries to webhooks, for `/metrics`. */
  readonly readWebhooks: () => Promise<MeasuredWebhooks>
  readonly logLevel: LogLevel
  /** Default: standard output. */
  readonly logStream?: LogStream | undefined
  /** The public address of the service. */
  readonly issuer: string
  readonly trustProxy: readonly string[]
  /** Mean delay of the event loop, in ms, from which on calls are refused. */
  readonly shedLoadAfter: number
  readonly tracing?: Pick<Tracing, 'newTraceId' | 'install'> | null
}

/** Upper limit of a request body. */
const maxBodyBytes = 64 * 1024

/** Builds everything that answers HTTP. main.ts listens on it; tests inject requests into it. */
export function createApp(options: AppOptions): FastifyInstance {
  const { allowedOrigins } = options
  const addReplyHeaders = createReplyHeaders(options)
  const newTraceId = options.tracing?.newTraceId ?? createTraceIds()
  const app = fastify({
    logger: logOptions(options.logLevel, options.logStream),
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: createRequestLog,
    genReqId: newTraceId,
    trustProxy: options.trustProxy.length > 0 ? [...options.trustProxy] : false,
    bodyLimit: maxBodyBytes,
    // Closes the connection of a slow client. requestTimeout only works with a smaller headersTimeout and a short
    // checking interval.
    requestTimeout: 10_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    keepAliveTimeout: 65_000,
    // main.ts drains connections before it closes the app; those that are still open then are idle.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 5_000 },
    clientErrorHandler: createClientErrorHandler(allowedOrigins, newTraceId),
    // An address that cannot be decoded matches no route, so no hook and no error handler below sees it.
    frameworkErrors: (_error, request, reply) => {
      addReplyHeaders(request, reply)
      if (answerPreflight(request, reply, allowedOrigins)) return
      if (request.url.startsWith(`${v1Prefix}/`))
        return refuseWithProblem(request, reply, { reason: 'invalid_input' })
      if (!request.url.startsWith('/auth/')) return refuse(request, reply, 'invalid_input')
      return refuseInEnvelope(request, reply, { reason: 'invalid_input' })
    },
  })
  options.tracing?.install(app)
  readClientAddresses(app, options.trustProxy)
  dropStalledReaders(app.server)
  const refusalOf = shedLoad(app, { maxDelayMs: options.shedLoadAfter })
  // One hook for all of it, because each hook adds to the time of every request.
  app.addHook('onRequest', (request, reply, done) => {
    addReplyHeaders(request, reply)
    if (!answerPreflight(request, reply, allowedOrigins))
      done(refusalOf(request) ?? refusalOfUnreadable(request))
  })
  installErrorHandlers(app)
  logRequests(app)
  const metrics = createMetrics()
  const users = metrics.countCalls(options.users)
  servePlainRoutes(app, options, metrics)
  serveConsole(app, options.console, options.issuer)
  app.register(async (scope) =>
    serveTrpc<AppRouter>(scope, '/trpc', {
      router: appRouter,
      createContext: ({ req }) => createContext(users, req),
    }),
  )
  app.register(async (scope) => serveAdminRouter(scope, { ...options, users }))
  app.register(async (scope) => serveRest(scope, { ...options, users }), { prefix: '/auth' })
  app.register(async (scope) => serveV1(scope, options), { prefix: v1Prefix })
  return app
}

/**
 * 32 hexadecimal digits: 64 random bits for the process, and a counter. Random digits for each request would cost
 * more than verifying the caller.
 */
function createTraceIds(): () => string {
  const process = randomBytes(8).toString('hex')
  let requests = 0
  return () => `${process}${(++requests).toString(16).padStart(16, '0')}`
}

/** The routes without an envelope: probes, metrics, keys, avatars, the description. */
function servePlainRoutes(app: FastifyInstance, options: AppOptions, metrics: Metrics): void {
  // Probes and metrics keep answering while load is shed.
  const probe = { logLevel: probeLogLevel(options.logLevel), config: { neverShed: true } }
  const { readStore, readWebhooks } = options
  metrics.serve(app, { route: probe, readStore, readWebhooks })
  serveApiDescription(app, options.issuer)
  serveAvatars(app, options.findAvatar)
  serveMetadata(app, options.issuer)
  serveHomePage(app)
  app.get('/healthz', probe, async () => ({ status: 'ok' }))
  app.get('/readyz', probe, async (request, reply) => {
    try {
      await options.checkReady()
    } catch (error) {
      request.log.error({ err: error }, 'not ready')
      return refuse(request, reply, 'overloaded')
    }
    return { status: 'ready' }
  })
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300')
    return { keys: options.jwks() }
  })
}
