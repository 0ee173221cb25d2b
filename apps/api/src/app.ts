import { randomBytes } from 'node:crypto'
import cors from '@fastify/cors'
import { type AppRouter, appRouter } from '@mianmi/contracts'
import type { Picture } from '@mianmi/core'
import type { AdminService } from '@mianmi/core/admin'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import type { JWK } from 'jose'
import { serveConsole } from './admin/console/serve-console.ts'
import { serveAdminRouter } from './admin/http/serve-admin-router.ts'
import { createContext } from './context.ts'
import { serveAvatars } from './http/avatars.ts'
import { headersForBrowsers, tellBrowsers } from './http/browser-headers.ts'
import { readClientAddresses } from './http/client-address.ts'
import { answerFailures, refuse } from './http/failures.ts'
import {
  createRequestLog,
  type LogLevel,
  type LogStream,
  logOptions,
  logRequests,
  quieter,
} from './http/log.ts'
import { serveTrpc } from './http/serve-trpc.ts'
import { shedLoad } from './http/shed-load.ts'
import { dropStalledReaders } from './http/stalled-readers.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { serveDescription } from './rest/description/serve.ts'
import { refuseInEnvelope } from './rest/envelope.ts'
import { type RestOptions, serveRest } from './rest/serve.ts'

export interface AppOptions extends RestOptions {
  /** The keys that verify access tokens. */
  readonly jwks: readonly JWK[]
  readonly admin: AdminService
  /** Folder of the built console. */
  readonly console: string
  readonly findAvatar: (name: string) => Picture | null
  /** Throws where the database cannot answer. */
  readonly checkReady: () => void
  readonly logLevel: LogLevel
  /** Default: standard output. */
  readonly logStream?: LogStream | undefined
  /** The public address of the service. */
  readonly issuer: string
  readonly trustProxy: readonly string[]
  /** Mean delay of the event loop, in ms, from which on calls are refused. */
  readonly shedLoadAfter: number
}

/** A reply as big as this would be a fault of ours, a request as big as this one of theirs. */
const maxBodyBytes = 64 * 1024

/** The whole service as a value: main.ts listens on it, tests inject into it. */
export function createApp(options: AppOptions): FastifyInstance {
  const forBrowsers = headersForBrowsers(options.issuer)
  const app = fastify({
    logger: logOptions(options.logLevel, options.logStream),
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: createRequestLog,
    genReqId: createTraceIds(),
    trustProxy: options.trustProxy.length > 0 ? [...options.trustProxy] : false,
    bodyLimit: maxBodyBytes,
    // A slow client is cut off; requestTimeout works only beside a smaller headersTimeout and a short interval.
    requestTimeout: 10_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    keepAliveTimeout: 65_000,
    // Whoever closes has drained before; what is still open then says nothing.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 5_000 },
    // An address that cannot be decoded reaches no route, and so none of the handlers below.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(forBrowsers)
      if (!request.url.startsWith('/auth/')) return refuse(request, reply, 'invalid_input')
      return refuseInEnvelope(request, reply, { reason: 'invalid_input' })
    },
  })
  readClientAddresses(app, options.trustProxy)
  dropStalledReaders(app.server)
  const refusalOf = shedLoad(app, { maxDelayMs: options.shedLoadAfter })
  // One hook for all: each costs every request some of its time.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-trace-id', request.id)
    tellBrowsers(request, reply, forBrowsers)
    done(refusalOf(request))
  })
  answerFailures(app)
  logRequests(app)
  if (options.allowedOrigins.length > 0)
    app.register(cors, { origin: [...options.allowedOrigins], credentials: true, maxAge: 600 })
  const metrics = createMetrics()
  const users = metrics.counted(options.users)
  servePlainRoutes(app, options, metrics)
  serveConsole(app, options.console)
  app.register(async (scope) =>
    serveTrpc<AppRouter>(scope, '/trpc', {
      router: appRouter,
      createContext: ({ req }) => createContext(users, req),
    }),
  )
  app.register(async (scope) => serveAdminRouter(scope, { ...options, users }))
  app.register(async (scope) => serveRest(scope, { ...options, users }), { prefix: '/auth' })
  return app
}

/** 32 digits: the process by 64 random bits, and a count. Drawing each anew costs more than reading who is calling. */
function createTraceIds(): () => string {
  const process = randomBytes(8).toString('hex')
  let requests = 0
  return () => `${process}${(++requests).toString(16).padStart(16, '0')}`
}

/** The routes without an envelope: probes, metrics, keys, avatars, the description. */
function servePlainRoutes(app: FastifyInstance, options: AppOptions, metrics: Metrics): void {
  // Whoever watches over the process must see it also while it refuses everybody else.
  const probe = { logLevel: quieter(options.logLevel), config: { neverShed: true } }
  metrics.serve(app, probe)
  serveDescription(app)
  serveAvatars(app, options.findAvatar)
  app.get('/healthz', probe, async () => ({ status: 'ok' }))
  app.get('/readyz', probe, async (request, reply) => {
    try {
      options.checkReady()
    } catch (error) {
      request.log.error({ err: error }, 'not ready')
      return refuse(request, reply, 'overloaded')
    }
    return { status: 'ready' }
  })
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300')
    return { keys: options.jwks }
  })
}
