import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { registerWeChatApi } from './api/wechat-api.ts'
import type { Clock } from './clock.ts'
import { registerClientRoutes } from './control-routes/client-routes.ts'
import { registerEncryptRoute } from './control-routes/encrypt-route.ts'
import { registerTestControls } from './control-routes/test-controls.ts'
import { registerUserRoutes } from './control-routes/user-routes.ts'
import { createSandboxState } from './state/sandbox-state.ts'
import { errorBody } from './wechat-error.ts'

export interface SandboxOptions {
  /** appid → secret. Without it any well-formed appid is accepted, with its first secret. */
  apps?: Readonly<Record<string, string>> | undefined
  now?: Clock | undefined
}

export interface Sandbox {
  /** Not listening yet. */
  app: FastifyInstance
}

/** A WeChat in memory: it forgets everything but who people are when it ends. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? Date.now
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 })
  acceptAnyContentType(app)
  allowAnyOrigin(app)
  answerLikeWeChat(app, now)
  const state = createSandboxState(now, options.apps)
  const paths = registerWeChatApi(app, state)
  registerClientRoutes(app, state)
  registerUserRoutes(app, state)
  registerEncryptRoute(app, state)
  registerTestControls(app, state, paths)
  return { app }
}

/** WeChat reads JSON whatever the content type says. */
function acceptAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

/** The playground's page comes from another port. Only the phone's door is open to pages. */
function allowAnyOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/sandbox/')) return
    reply.header('access-control-allow-origin', '*')
    if (request.method !== 'OPTIONS') return
    return reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, DELETE')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '600')
      .send()
  })
}

function answerLikeWeChat(app: FastifyInstance, now: Clock): void {
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/sandbox/')
      ? reply.code(404).send({ message: `no ${request.method} ${request.url} here` })
      : reply.send(errorBody(40066, now())),
  )
  app.setErrorHandler((error: FastifyError & { errno?: number }, request, reply) => {
    if (!request.url.startsWith('/sandbox/')) return reply.send(errorBody(-1, now()))
    const status = error.statusCode ?? 500
    if (status >= 500) return reply.code(status).send({ message: 'internal error' })
    const { message, errno } = error
    return reply.code(status).send({ message, ...(errno !== undefined && { errno }) })
  })
}
