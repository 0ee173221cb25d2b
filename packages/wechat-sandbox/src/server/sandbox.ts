import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { registerWeChatApi } from './api/wechat-api.ts'
import type { Clock } from './clock.ts'
import { registerClientRoutes } from './control-routes/client-routes.ts'
import { registerEncryptRoute } from './control-routes/encrypt-route.ts'
import { registerTestControls } from './control-routes/test-controls.ts'
import { registerUserRoutes } from './control-routes/user-routes.ts'
import { createSandboxState } from './state/sandbox-state.ts'
import { errorBody } from './wechat-error.ts'

/** Options of {@link createSandbox}. */
export interface SandboxOptions {
  /**
   * appid → secret; only these apps exist. Without it every well-formed appid (`wx` and 16
   * hexadecimal digits) is accepted, and the first server call that names it fixes its secret.
   */
  apps?: Readonly<Record<string, string>> | undefined
  /** The clock for every expiry and limit. Default: `Date.now`. */
  now?: Clock | undefined
}

/** A sandbox server. */
export interface Sandbox {
  /** The Fastify instance, not listening yet; `app.close()` also ends calls delayed by a fault. */
  app: FastifyInstance
}

/**
 * Creates a WeChat server in memory: the endpoints of WeChat's server API that signing in needs,
 * and control routes under `/sandbox/`. Codes, tokens and session keys are lost when it closes;
 * openid, unionid and phone number are computed from the user's name and stay the same.
 *
 * @example
 * const { app } = createSandbox({ apps: { wx6d69616e6d690001: 'secret' } })
 * const url = await app.listen({ port: 0 })
 * const body = JSON.stringify({ appId: 'wx6d69616e6d690001', user: 'ann' })
 * const { code } = await (await fetch(`${url}/sandbox/login`, { method: 'POST', body })).json()
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? Date.now
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 })
  acceptAnyContentType(app)
  allowAnyOrigin(app)
  registerErrorReplies(app, now)
  const state = createSandboxState(now, options.apps)
  const paths = registerWeChatApi(app, state)
  registerClientRoutes(app, state)
  registerUserRoutes(app, state)
  registerEncryptRoute(app, state)
  registerTestControls(app, state, paths)
  return { app }
}

/** WeChat parses JSON bodies with any content type. */
function acceptAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

/** Pages of any origin may call the control routes, but not WeChat's server API. */
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

/** Errors in the format of WeChat for its own paths, as HTTP statuses for the control routes. */
function registerErrorReplies(app: FastifyInstance, now: Clock): void {
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
